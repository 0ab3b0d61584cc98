namespace FlowKit.Runtime.Properties;

/// <summary>What may have happened to one request at one executor, as far as the ledger tells.</summary>
internal sealed class NodeTrouble(FlowPlan plan, TrialLedger ledger, int request)
{
    private readonly RequestPlan _request = plan.Requests[request];

    /// <summary>Whether parts may have failed there for nothing of their own: a call was given up. A faulty replica is replaced without that.</summary>
    public bool IsUnsteady(int node) => plan.Nodes[node].Timeout is not null;

    /// <summary>Whether a call failed there that had documents of the request.</summary>
    public bool IsTouched(int node) => Enumerable.Range(0, _request.Documents.Count).Any(document => IsTouched(node, document));

    public bool IsTouched(int node, int document) => ledger.IsTouched(node, new DocumentPlace(request, document));

    public bool IsDoomed(int node, int document) => ledger.IsDoomed(node, new DocumentPlace(request, document));

    /// <summary>Whether the request may have failed there.</summary>
    public bool MayFail(int node) => IsUnsteady(node) || IsTouched(node) || ledger.HasFailedEmpty(node);
}
