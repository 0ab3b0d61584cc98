using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Executors;

namespace FlowKit.Runtime.Properties;

/// <summary>A drawn executor; without a word it is a plain one behind the gateway.</summary>
internal sealed record NodePlan
{
    /// <summary>The number by which <see cref="Needs"/> names the gateway.</summary>
    public const int Gateway = -1;

    /// <summary>A threshold that no trial reaches.</summary>
    public const int NeverRestarts = 1000;

    /// <summary>What it needs: numbers of nodes before it.</summary>
    public IReadOnlyList<int> Needs { get; init; } = [Gateway];

    /// <summary>Whether it lets other endpoints than <c>/run</c> pass.</summary>
    public bool OnlyRuns { get; init; }

    public int Replicas { get; init; } = 1;

    public int Shards { get; init; } = 1;

    public PollingMode Polling { get; init; }

    public bool FailsOnShardError { get; init; }

    public BatchingConfig? Batching { get; init; }

    /// <summary>The letters it takes; <see langword="null"/> for all.</summary>
    public string? When { get; init; }

    public bool Floats { get; init; }

    public int Capacity { get; init; } = 64;

    /// <summary>How many milliseconds a call takes; 0 to work on the spot.</summary>
    public int Slow { get; init; }

    /// <summary>Whether it does not ask whether anybody waits.</summary>
    public bool IsStubborn { get; init; }

    /// <summary>Whether it gives back a list of its own.</summary>
    public bool Returns { get; init; }

    public Trouble Trouble { get; init; }

    public int FailureThreshold { get; init; } = NeverRestarts;

    /// <summary><c>timeout_executor</c> in milliseconds.</summary>
    public int? Timeout { get; init; }

    public bool Answers(string endpoint) => !OnlyRuns || endpoint == "/run";

    public PollingMode ModeOf(string endpoint) =>
        Shards == 1 ? PollingMode.Any : new PollingConfig(new Dictionary<string, PollingMode>(), Polling).For(endpoint);
}
