using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// The executor that a worker is to run: the entry of the flow's file, and the place that the gateway gave it, as one line of JSON.
/// </summary>
public sealed record WorkerEntry
{
    /// <summary>The executor's name.</summary>
    public required string Name { get; init; }

    /// <summary>The executor that runs; <see langword="null"/> for the one that the image names.</summary>
    public string? Uses { get; init; }

    /// <summary>Its options.</summary>
    public JsonObject UsesWith { get; init; } = [];

    /// <summary>
    /// The texts of options that look like something else, as <see cref="ExecutorConfig.UsesWithTexts"/>; <see langword="null"/> for none.
    /// </summary>
    public IReadOnlyDictionary<string, string>? UsesWithTexts { get; init; }

    /// <summary>Endpoints bound anew.</summary>
    public IReadOnlyDictionary<string, string> UsesRequests { get; init; } = new Dictionary<string, string>();

    /// <summary>Its environment variables.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Its replica.</summary>
    public int ReplicaId { get; init; }

    /// <summary>The number of replicas.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Its shard.</summary>
    public int ShardId { get; init; }

    /// <summary>The number of shards.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Its folder, which exists where it runs.</summary>
    public string? Workspace { get; init; }

    /// <summary>The folder that relative paths start from; <see langword="null"/> for the worker's current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>The Unix socket on which it takes calls over Ipc; <see langword="null"/> when it is called over gRPC alone.</summary>
    public string? IpcSocket { get; init; }

    /// <summary>The key that callers of this start must show; <see langword="null"/> where only its own flow can reach it.</summary>
    public string? Token { get; init; }

    /// <summary>The receiver of its traces, by OTLP over gRPC; <see langword="null"/> for none.</summary>
    public Uri? TracesExporter { get; init; }

    /// <summary>Its device, as its process numbers them.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Tells what a replica of an entry is to run.</summary>
    /// <param name="config">The entry.</param>
    /// <param name="context">Its place.</param>
    public static WorkerEntry Of(ExecutorConfig config, ExecutorContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        return new WorkerEntry
        {
            Name = context.Name,
            Uses = config.Uses,
            UsesWith = config.UsesWith,
            UsesWithTexts = config.UsesWithTexts.Count > 0 ? config.UsesWithTexts : null,
            UsesRequests = config.UsesRequests,
            Env = context.Env,
            ReplicaId = context.ReplicaId,
            Replicas = context.Replicas,
            ShardId = context.ShardId,
            Shards = context.Shards,
            Workspace = context.Workspace,
            BaseDirectory = context.BaseDirectory,
            Device = context.Device,
            TracesExporter = config.Monitoring.TracesExporter,
        };
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The line.</param>
    /// <exception cref="FlowKitException">It is no entry.</exception>
    public static WorkerEntry Parse(string json)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(json, WorkerEntryJson.Default.WorkerEntry) ?? throw new JsonException("it is null");
            return entry with
            {
                Name = entry.Name ?? throw new JsonException("'name' is null"),
                UsesWith = entry.UsesWith ?? [],
                UsesRequests = entry.UsesRequests ?? new Dictionary<string, string>(),
                Env = entry.Env ?? new Dictionary<string, string>(),
                Device = entry.Device ?? "cpu",
            };
        }
        catch (JsonException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"--entry: the first line of the input is no entry of a gateway: {exception.Message}",
                exception);
        }
    }

    /// <summary>Writes the entry as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, WorkerEntryJson.Default.WorkerEntry);

    /// <summary>
    /// The flow of this one executor. Batches are made by the gateway, which also says when a replica is to be replaced. It tells stacks,
    /// since its caller is the gateway, which shows them or not.
    /// </summary>
    /// <param name="uses">What runs when the entry does not say.</param>
    /// <param name="gateway">Where it listens.</param>
    /// <exception cref="FlowKitException">Neither says what runs.</exception>
    public FlowConfig ToConfig(string? uses, GatewayConfig gateway) => new()
    {
        Path = "worker",
        BaseDirectory = BaseDirectory ?? Directory.GetCurrentDirectory(),
        Gateway = (Token is null ? gateway : gateway with { Security = Guard(gateway.Security, Token) }) with { ShowStacks = true },
        Executors =
        [
            new ExecutorConfig
            {
                Name = Shards > 1 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}/{ShardId}") : Name,
                Uses = Uses
                    ?? uses
                    ?? throw new FlowKitException(
                        FlowErrorCode.InvalidArgument,
                        "--uses: expected the executor that runs, since neither the gateway nor the image names one"),
                UsesWith = UsesWith,
                UsesWithTexts = UsesWithTexts ?? new Dictionary<string, string>(),
                UsesRequests = UsesRequests,
                Needs = ["gateway"],
                Env = Env,
                Device = Device,
                Batches = false,
                TimeoutReady = Timeout.InfiniteTimeSpan,
                FailureThreshold = int.MaxValue,
            },
        ],
    };

    private static GatewaySecurityConfig Guard(GatewaySecurityConfig security, string token) =>
        security with { ApiKeys = [new ApiKeyConfig(ApiKeyDigest.Of(token))] };

    /// <summary>Returns the context that the executor sees.</summary>
    /// <param name="context">The place as the worker's own flow gives it.</param>
    public ExecutorContext Place(ExecutorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context with
        {
            Name = Name,
            ReplicaId = ReplicaId,
            Replicas = Replicas,
            ShardId = ShardId,
            Shards = Shards,
            Workspace = Workspace ?? context.Workspace,
        };
    }
}
