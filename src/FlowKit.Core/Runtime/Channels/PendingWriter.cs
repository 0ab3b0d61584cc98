namespace FlowKit.Runtime.Channels;

/// <summary>A writer that waits for room in a channel: with one item, or only until there is room for one.</summary>
internal sealed class PendingWriter(WorkItem? item)
{
    private static readonly QueueUsage s_smallest = new(1, 0);

    private readonly TaskCompletionSource<bool> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkItem? Item { get; } = item;

    /// <summary>The room that it waits for.</summary>
    public QueueUsage Usage => Item?.Usage ?? s_smallest;

    /// <summary>Completes with whether it was admitted.</summary>
    public Task<bool> Admitted => _admitted.Task;

    public void Admit() => _admitted.TrySetResult(true);

    public void Refuse() => _admitted.TrySetResult(false);
}
