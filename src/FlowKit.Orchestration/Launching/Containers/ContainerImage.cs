using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Launching;
using Microsoft.Extensions.Logging;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>An image on this machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Entry">
/// What FlowKit's images say of their entry point: <c>flowkit</c> or <c>executor</c>; <see langword="null"/> for an image of Jina's wire.
/// </param>
internal sealed record ContainerImage(string Name, string? Entry)
{
    /// <summary>Names FlowKit's own image.</summary>
    public const string Variable = "FLOWKIT_IMAGE";

    /// <summary>The label that tells which command the entry point of FlowKit's images runs.</summary>
    public const string EntryLabel = "flowkit.entry";

    /// <summary>The entry point is the whole command line.</summary>
    public const string WholeCommand = "flowkit";

    /// <summary>The image of <c>runtime: container</c>.</summary>
    public static string Own { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
        : $"flowkit:{typeof(ContainerImage).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>Finds an image, pulling it when it is not there or a newer one is asked for.</summary>
    /// <exception cref="FlowKitException">It is not there, or is for another kind of machine.</exception>
    public static async Task<ContainerImage> FindAsync(
        Engine engine,
        ContainerConfig config,
        ILogger logger,
        TimeProvider time,
        Action<string, int, int>? pulling,
        CancellationToken cancellationToken)
    {
        var name = config.Image ?? Own;
        var found = await InspectAsync(engine, name, cancellationToken);
        if (config.Image is not null && (found is null || config.PullLatest))
        {
            var log = new WorkerLog($"pull {name}", logger, time);
            var layers = pulling is null ? null : new PullLayers((done, total) => pulling(name, done, total));
            await PullAsync(engine, config, name, found is not null, log, layers, cancellationToken);
            found = await InspectAsync(engine, name, cancellationToken);
        }

        if (found is null)
        {
            throw Missing(
                $"FlowKit's own image '{name}' is not on this machine; make it with '{engine.Command} build -t {name} .' "
                    + $"in FlowKit's folder, or name another with {Variable}");
        }

        var platform = $"{found["Os"]}/{found["Architecture"]}";
        if (platform != engine.Platform && config.Platform is null)
        {
            throw Missing(
                $"the image '{name}' is for {platform}, and this engine runs {engine.Platform}; build or pull the one for it, "
                    + $"or write 'prefer_platform: {platform}' where emulation is set up");
        }

        return new ContainerImage(
            name, (found["Config"]?["Labels"] as JsonObject)?[EntryLabel]?.ToString() is { Length: > 0 } entry ? entry : null);
    }

    private static async Task<JsonObject?> InspectAsync(Engine engine, string name, CancellationToken cancellationToken)
    {
        var answer = await engine.RunAsync(["image", "inspect", name], cancellationToken);
        try
        {
            return answer.ExitCode == 0 && JsonNode.Parse(answer.Output) is JsonArray { Count: > 0 } list ? list[0] as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Pulls an image, with the engine's words in the log; one that is there already serves where a newer one cannot be had.
    /// </summary>
    private static async Task PullAsync(
        Engine engine,
        ContainerConfig config,
        string name,
        bool isThere,
        WorkerLog log,
        PullLayers? layers,
        CancellationToken cancellationToken)
    {
        string[] platform = config.Platform is { } wanted ? ["--platform", wanted] : [];
        await using var pull = await Child.StartAsync(engine.Background(["pull", .. platform, name]), log, line => layers?.Add(line));
        try
        {
            if (await pull.Exited.WaitAsync(cancellationToken) != 0 && !isThere)
            {
                var reason = pull.LastLines is [.., var last] ? last : "the engine says nothing";
                throw Missing(
                    $"the image '{name}' is neither on this machine nor can it be pulled: {reason}; "
                        + $"build it with 'flowkit build EXECUTOR -t {name}', or correct the name");
            }
        }
        catch (OperationCanceledException)
        {
            pull.Kill();
            throw;
        }
    }

    private static FlowKitException Missing(string message) => new(FlowErrorCode.FailedPrecondition, message);
}
