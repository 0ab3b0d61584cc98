using System.Text.Json.Nodes;

namespace FlowKit.Configuration;

/// <summary>One entry of <c>executors:</c>.</summary>
public sealed record ExecutorConfig
{
    /// <summary>Its name, an identifier that no other entry has; <c>executorN</c> by position when it is not given.</summary>
    public required string Name { get; init; }

    /// <summary>What runs: an executor's name, its class, or a C# file. Default <c>BaseExecutor</c>, which passes documents on.</summary>
    public string Uses { get; init; } = "BaseExecutor";

    /// <summary>The executor's options, typed as YAML types them.</summary>
    public JsonObject UsesWith { get; init; } = [];

    /// <summary>Endpoints bound anew: endpoint → method.</summary>
    public IReadOnlyDictionary<string, string> UsesRequests { get; init; } = new Dictionary<string, string>();

    /// <summary>The names it receives documents from, <c>gateway</c> for the flow's entry; never empty.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>How many run side by side, 1 to 1024. Default 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>How many requests wait before it. Default 64.</summary>
    public int Capacity { get; init; } = 64;

    /// <summary>How long it may take to start; <see cref="Timeout.InfiniteTimeSpan"/> for ever. Default 600 s.</summary>
    public TimeSpan TimeoutReady { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Its own folder for files, as written; <see langword="null"/> for the flow's.</summary>
    public string? Workspace { get; init; }

    /// <summary>Environment variables: the flow's with its own on top.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Where its model runs: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>. Default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>What it is for, in words.</summary>
    public string? Description { get; init; }

    /// <summary>Jina's <c>metas.name</c>; <see langword="null"/> when it is not given.</summary>
    public string? MetasName { get; init; }

    /// <summary>Where the entry starts.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>Where <c>uses</c> is written, or else where the entry starts.</summary>
    public SourcePlace UsesPlace { get; init; }

    /// <summary>Where each option of <see cref="UsesWith"/> is written; nested ones by dotted path.</summary>
    public IReadOnlyDictionary<string, SourcePlace> UsesWithPlaces { get; init; } = new Dictionary<string, SourcePlace>();
}
