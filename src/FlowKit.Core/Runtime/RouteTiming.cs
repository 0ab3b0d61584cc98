namespace FlowKit.Runtime;

/// <summary>A hop of a request, as its reply reports it.</summary>
/// <param name="Executor">The executor's name, or <c>gateway</c>.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended; <see langword="null"/> when the caller meant other executors.</param>
/// <param name="Error">How it failed there.</param>
public sealed record RouteTiming(string Executor, DateTimeOffset Start, DateTimeOffset? End, FlowError? Error = null)
{
    /// <summary>
    /// The documents of the batch that the request was in there, with those of other requests; 0 outside batches, and while nobody watches
    /// the flow.
    /// </summary>
    public int Batch { get; init; }
}
