using FlowKit.Runtime.Executors;

namespace FlowKit.Runtime.Stages;

/// <summary>
/// The place of an executor in one graph: its pool of replicas, and where its items go on. Pools outlive graphs; stages do not.
/// </summary>
/// <param name="pool">Who works.</param>
/// <param name="index">Its position among the graph's executors.</param>
/// <param name="canStream">Whether the documents of a stream may go on one by one: not beside another branch that a join waits for.</param>
/// <param name="next">Where its items go.</param>
internal sealed class ExecutorStage(ExecutorPool pool, int index, bool canStream, IStage next) : IStage
{
    public string Name => pool.Name;

    public int Index => index;

    public bool CanStream => canStream;

    public IStage Next => next;

    public bool ReadsDocuments => pool.ReadsDocuments;

    /// <summary>An executor that does not answer the endpoint, or that the caller did not mean, costs nothing.</summary>
    public ValueTask SendAsync(WorkItem item)
    {
        item.Stage = this;
        return pool.Find(item.Request.Call.Endpoint) is { } endpoint && item.Request.Targets(Name)
            ? pool.EnqueueAsync(item, endpoint)
            : PassByAsync(item);
    }

    /// <summary>
    /// Sends an item to the executor again, without waiting for room: the replica that would have to make it is the one that waits.
    /// </summary>
    public ValueTask RetryAsync(WorkItem item) => pool.Endpoints.Find(item.Request.Call.Endpoint) is { } endpoint
        ? pool.EnqueueAsync(item, endpoint, ignoresCapacity: true)
        : PassByAsync(item);

    public ValueTask PassByAsync(WorkItem item)
    {
        item.Request.PassBy(index);
        return next.SendAsync(item);
    }
}
