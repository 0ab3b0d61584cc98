using System.Text.Json.Nodes;
using FlowKit.Configuration.Autoscaling;
using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Equality;
using FlowKit.Configuration.Launching;
using FlowKit.Configuration.Monitoring;

namespace FlowKit.Configuration.Executors;

/// <summary>An entry of <c>executors:</c>. Two are equal when they say the same, collections included.</summary>
public sealed record ExecutorConfig
{
    /// <summary>The largest number of replicas, and of shards.</summary>
    public const int MaxReplicas = 1024;

    /// <summary>The values of what is not written: the only place where a default stands.</summary>
    internal static readonly ExecutorConfig Defaults = new() { Name = "", Needs = [] };

    private readonly EquatableJson _usesWith = new([]);

    /// <summary>
    /// Its name, an identifier that no other entry has; <c>executorN</c> by position when it is not given; <c>entry/name</c> inside a flow
    /// that an entry uses.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>
    /// The executor that runs: an executor's name or class, or the path of a C# file, a project's folder or an assembly. Default
    /// <c>BaseExecutor</c>,
    /// which passes documents on.
    /// </summary>
    public string Uses { get; init; } = "BaseExecutor";

    /// <summary>The executor's options, typed as YAML types them.</summary>
    public JsonObject UsesWith
    {
        get => _usesWith.Value;
        init => _usesWith = Equatable.Of(value);
    }

    /// <summary>
    /// The text of each option that a variable or a command line gave and that <see cref="UsesWith"/> holds as a number, a truth value or
    /// nothing, by dotted path: an option that is a text takes it, character for character.
    /// </summary>
    public IReadOnlyDictionary<string, string> UsesWithTexts { get; init => field = Equatable.Of(value); } = EquatableMap<string>.Empty;

    /// <summary>Endpoints bound anew: endpoint → method.</summary>
    public IReadOnlyDictionary<string, string> UsesRequests { get; init => field = Equatable.Of(value); } = EquatableMap<string>.Empty;

    /// <summary>The names it receives documents from, <c>gateway</c> for the flow's entry; never empty.</summary>
    public required IReadOnlyList<string> Needs { get; init => field = Equatable.Of(value); }

    /// <summary>The number that run side by side, 1 to <see cref="MaxReplicas"/>. Default 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>
    /// The way that its replicas follow its load, of which <see cref="Replicas"/> is then the first number; <see langword="null"/> where
    /// they do not.
    /// </summary>
    public AutoscaleConfig? Autoscale { get; init; }

    /// <summary>The number of shards that hold its state, each with its own replicas, 1 to <see cref="MaxReplicas"/>. Default 1.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The one of the <see cref="Shards"/> that runs here, from 0; <see langword="null"/> for all of them.</summary>
    public int? ShardId { get; init; }

    /// <summary>The shards that a request goes to.</summary>
    public PollingConfig Polling { get; init; } = PollingConfig.Default;

    /// <summary>
    /// Tells whether a shard that fails fails the request; otherwise the others answer and the failure is told beside. Default false.
    /// </summary>
    public bool FailOnShardError { get; init; }

    /// <summary>Tells whether a document that fails in it fails the whole request; otherwise it fails alone and the others go on.</summary>
    public bool FailOnDocumentError { get; init; }

    /// <summary>The executor that runs before the shards, as <see cref="Uses"/>; <see langword="null"/> for nothing.</summary>
    public string? UsesBefore { get; init; }

    /// <summary>The executor that runs behind the shards, given the parts of all of them; <see langword="null"/> for the reducer.</summary>
    public string? UsesAfter { get; init; }

    /// <summary>
    /// The way that requests are put together to batches, by endpoint or method name; over what the method's own attribute says.
    /// </summary>
    public IReadOnlyDictionary<string, BatchingConfig> DynamicBatching { get; init => field = Equatable.Of(value); } =
        EquatableMap<BatchingConfig>.Empty;

    /// <summary>Tells whether requests are put together at all; not in a worker, whose gateway has done so. Default true.</summary>
    public bool Batches { get; init; } = true;

    /// <summary>The documents that it receives; <see langword="null"/> for all.</summary>
    public DocumentCondition? When { get; init; }

    /// <summary>Tells whether the reply does not wait for it.</summary>
    public bool Floating { get; init; }

    /// <summary>Tells whether it looks on beside the road (<c>method: inspect</c>): nobody follows it unless named.</summary>
    public bool Inspects { get; init; }

    /// <summary>Tells whether it receives the parts of several needs as they came (<c>docs_matrix</c>), not reduced to one.</summary>
    public bool NoReduce { get; init; }

    /// <summary>The number of documents that wait before it. Default 4096.</summary>
    public int Capacity { get; init; } = 4096;

    /// <summary>The number of bytes of content that wait before it; <see langword="null"/> for no limit of its own.</summary>
    public long? CapacityBytes { get; init; }

    /// <summary>
    /// The time that one call may take before its replica is held to hang and is replaced; <see langword="null"/> for ever.
    /// </summary>
    public TimeSpan? TimeoutExecutor { get; init; }

    /// <summary>
    /// The number of times that a call that met a failed replica is tried again, for endpoints that only read; −1 for max(3, replicas).
    /// </summary>
    public int Retries { get; init; } = -1;

    /// <summary>
    /// The number of faults in a row after which a replica is replaced by one that is loaded before it goes: exceptions that point at the
    /// replica and not at what it was sent. Default 5.
    /// </summary>
    public int FailureThreshold { get; init; } = 5;

    /// <summary>Class names of exceptions that end the whole flow, as Jina's pod ends.</summary>
    public IReadOnlyList<string> ExitOnExceptions { get; init => field = Equatable.Of(value); } = EquatableList<string>.Empty;

    /// <summary>Tells whether it is replaced when its files change. Default the flow's <c>reload</c>.</summary>
    public bool Reload { get; init; }

    /// <summary>Jina's <c>gpus</c>: <c>all</c>, a count, or <c>device=…</c>; <see langword="null"/> when not given.</summary>
    public string? Gpus { get; init; }

    /// <summary>Tells what <see cref="Device"/> becomes when it is not there: <c>cpu</c>; <see langword="null"/> for an error.</summary>
    public string? Fallback { get; init; }

    /// <summary>
    /// The folder from which its relative paths start, when it comes from another file than the flow; otherwise <see langword="null"/>.
    /// </summary>
    public string? BaseDirectory { get; init; }

    /// <summary>The time that it may take to start; <see cref="Timeout.InfiniteTimeSpan"/> for ever. Default 600 s.</summary>
    public TimeSpan TimeoutReady { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Its own folder for files, as written; <see langword="null"/> for the flow's.</summary>
    public string? Workspace { get; init; }

    /// <summary>Environment variables: the flow's with its own on top.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init => field = Equatable.Of(value); } = EquatableMap<string>.Empty;

    /// <summary>The place where its model runs: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>. Default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The place where it runs, when not in the flow's own process; <see langword="null"/> there.</summary>
    public LaunchConfig? Launch { get; init; }

    /// <summary>The places that are told how it does. Default: none.</summary>
    public MonitoringConfig Monitoring { get; init; } = MonitoringConfig.None;

    /// <summary>Its purpose, in words.</summary>
    public string? Description { get; init; }

    /// <summary>Jina's <c>metas.name</c>; <see langword="null"/> when it is not given.</summary>
    public string? MetasName { get; init; }

    /// <summary>The place where the entry starts.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>The place where <c>uses</c> is written, or else where the entry starts.</summary>
    public SourcePlace UsesPlace { get; init; }

    /// <summary>The place where each option of <see cref="UsesWith"/> is written; nested ones by dotted path.</summary>
    public IReadOnlyDictionary<string, SourcePlace> UsesWithPlaces { get; init => field = Equatable.Of(value); } =
        EquatableMap<SourcePlace>.Empty;
}
