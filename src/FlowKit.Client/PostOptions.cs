using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>The options of a post; names and meanings are those of Jina's <c>Client.post</c>.</summary>
public sealed record PostOptions
{
    /// <summary>The parameters that the executors are given beside the documents.</summary>
    public Parameters Parameters { get; init; } = new();

    /// <summary>A regular expression over executor names.</summary>
    public string TargetExecutor { get; init; } = "";

    /// <summary>Documents in one request; 100.</summary>
    public int RequestSize { get; init; } = 100;

    /// <summary>Requests under way at once; 4.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Indicates whether replies come in the order of the requests, and not as they are ready; true.</summary>
    public bool ResultsInOrder { get; init; } = true;

    /// <summary>
    /// Indicates whether a request that the gateway refuses, or that cannot be sent, becomes a reply with a status while the others go on;
    /// false.
    /// </summary>
    public bool ContinueOnError { get; init; }

    /// <summary>The number of attempts for a request that fails with Unavailable, ResourceExhausted or DeadlineExceeded; 1.</summary>
    public int MaxAttempts { get; init; } = 1;

    /// <summary>The wait after the first attempt; half a second.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait between attempts; 2 seconds.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>By how much the wait grows from attempt to attempt; 1.5.</summary>
    public double BackoffMultiplier { get; init; } = 1.5;

    /// <summary>The time that one request may take; <see langword="null"/> leaves it to the gateway.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Called with each reply that went well.</summary>
    public Action<DataRequest>? OnDone { get; init; }

    /// <summary>Called with each reply whose <see cref="DataRequest.Status"/> is an error.</summary>
    public Action<DataRequest>? OnError { get; init; }

    /// <summary>Called with each reply, after the other two.</summary>
    public Action<DataRequest>? OnAlways { get; init; }

    /// <summary>Told after each reply how many documents were sent and answered so far.</summary>
    public IProgress<int>? Progress { get; init; }
}
