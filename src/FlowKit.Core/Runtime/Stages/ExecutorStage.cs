namespace FlowKit.Runtime;

/// <summary>The place of an executor in one graph: its pool of replicas, and where its parts go on. Pools outlive graphs; stages do not.</summary>
/// <param name="pool">Who works.</param>
/// <param name="index">Its position among the graph's executors.</param>
/// <param name="canStream">Whether the documents of a stream may go on one by one: not beside another branch that a join waits for.</param>
/// <param name="next">Where its parts go.</param>
internal sealed class ExecutorStage(ExecutorPool pool, int index, bool canStream, IPartSink next) : IPartSink
{
    public string Name => pool.Name;

    public int Index => index;

    public bool CanStream => canStream;

    public IPartSink Next => next;

    public bool ReadsDocuments => pool.ReadsDocuments;

    /// <summary>An executor that does not answer the endpoint, or that the caller did not mean, costs nothing.</summary>
    public ValueTask SendAsync(RequestPart part)
    {
        part.Stage = this;
        return pool.Find(part.Request.Call.Endpoint) is { } endpoint && part.Request.Targets(Name)
            ? pool.EnqueueAsync(part, endpoint)
            : PassByAsync(part);
    }

    public ValueTask PassByAsync(RequestPart part)
    {
        part.Request.PassBy(index);
        return next.SendAsync(part);
    }
}
