namespace FlowKit.Runtime.Executors;

/// <summary>
/// Decides which calls that met a failed replica are tried again: only reads, only so often, and only as the budget allows.
/// </summary>
internal sealed class RetryPolicy(PoolState state)
{
    private const int MinDefault = 3;

    private readonly RetryBudget _budget = new();

    private int MaxRetries => state.Config.Retries < 0 ? Math.Max(MinDefault, state.Config.Replicas) : state.Config.Retries;

    /// <summary>Counts a call, which earns a share of a retry.</summary>
    public void CountCall() => _budget.Call();

    /// <summary>
    /// Tells whether a call may hang and be tried again: then it needs a copy of what it was given, since the hanging call may still write.
    /// </summary>
    public bool NeedsRetryCopy(WorkItem item, PoolEndpoint endpoint) =>
        state.Config.TimeoutExecutor is not null
            && endpoint.IsIdempotent
            && item.Attempts < MaxRetries
            && state.MayRepeat(item.Request.Call.Endpoint);

    /// <summary>Takes a retry out of the budget when the item may have one.</summary>
    public bool TryRetry(WorkItem item) =>
        item.Attempts < MaxRetries
            && state.MayRepeat(item.Request.Call.Endpoint)
            && !item.Request.IsSettled
            && _budget.TryRetry();
}
