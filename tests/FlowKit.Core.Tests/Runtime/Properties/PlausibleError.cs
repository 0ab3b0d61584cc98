namespace FlowKit.Runtime.Properties;

/// <summary>Whether an error that a request was told has its cause in the plan and in what happened.</summary>
internal sealed class PlausibleError(FlowPlan plan, TrialLedger ledger, int request)
{
    private readonly RequestPlan _request = plan.Requests[request];
    private readonly NodeTrouble _trouble = new(plan, ledger, request);

    public bool Holds(FlowError error) => error.Executor is { } executor ? HoldsAt(FlowPlan.NumberOf(executor), error) : error.Code switch
    {
        FlowErrorCode.ResourceExhausted => plan.Requests.Count > plan.Capacity && IsRefusal(error),
        FlowErrorCode.Unavailable => plan.Stop != StopMoment.Answered && IsRefusal(error),
        FlowErrorCode.Cancelled => _request.Cancel is not null,
        FlowErrorCode.DeadlineExceeded => _request.Timeout is not null,

        // On a machine that is busy with something else even a short pattern may take its 50 ms.
        FlowErrorCode.InvalidArgument => _request.Target is not null && error.Message.EndsWith("takes too long to match.", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>A refused request says when to come again, and no executor has seen it.</summary>
    private bool IsRefusal(FlowError error) =>
        error.RetryAfter > TimeSpan.Zero
        && !Enumerable.Range(0, plan.Nodes.Count).Any(node => Enumerable.Range(0, _request.Documents.Count).Any(document => ledger.Visits(node, new DocumentPlace(request, document)) > 0));

    private bool HoldsAt(int node, FlowError error) =>
        plan.Roots[node] is null
        && ((error.Code == FlowErrorCode.DeadlineExceeded && plan.Nodes[node].Timeout is not null && error.Message.Contains("timeout_executor", StringComparison.Ordinal))
            || (error.Message == CallTrouble.Message && (error.Code, error.ExceptionName) == Thrown(plan.Nodes[node].Trouble) && (_trouble.IsTouched(node) || ledger.HasFailedEmpty(node))));

    private static (FlowErrorCode, string?) Thrown(Trouble trouble) => trouble switch
    {
        Trouble.Throws => (FlowErrorCode.Internal, nameof(InsufficientExecutionStackException)),
        Trouble.Cancels => (FlowErrorCode.Internal, nameof(OperationCanceledException)),
        Trouble.Flickers => (FlowErrorCode.Unavailable, null),
        _ => (FlowErrorCode.InvalidArgument, null),
    };
}
