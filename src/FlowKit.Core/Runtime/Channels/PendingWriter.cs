namespace FlowKit.Runtime.Channels;

/// <summary>Someone who waits for room in a channel with one item.</summary>
internal sealed class PendingWriter(WorkItem item)
{
    private readonly TaskCompletionSource<bool> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkItem Item { get; } = item;

    /// <summary>Whether the item got in.</summary>
    public Task<bool> Admitted => _admitted.Task;

    public void Admit() => _admitted.TrySetResult(true);

    public void Refuse() => _admitted.TrySetResult(false);
}
