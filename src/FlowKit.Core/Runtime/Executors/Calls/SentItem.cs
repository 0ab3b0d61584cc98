using FlowKit.Runtime.Stages;

namespace FlowKit.Runtime.Executors.Calls;

/// <summary>An item that an executor has sent to its own flow, as long as it is in one pool. The item is not kept alive.</summary>
internal sealed class SentItem(WorkItem item, string sender, string pool, ReplicaSet replicas, long sent)
{
    private readonly WeakReference<WorkItem> _item = new(item);
    private readonly ExecutorStage _stage = item.Stage;

    /// <summary>The mark of the replica whose call has sent it.</summary>
    public string Sender => sender;

    /// <summary>The name of the executor that it has come to.</summary>
    public string Pool => pool;

    /// <summary>The time at which it came.</summary>
    public long Sent => sent;

    /// <summary>Tells whether that executor has not answered it yet.</summary>
    public bool IsHere => _item.TryGetTarget(out var item) && !item.Request.IsSettled && item.Stage == _stage;

    /// <summary>The replicas that can answer it.</summary>
    public Replica[] Replicas => replicas.ToArray();

    /// <summary>The replica that works on it; <see langword="null"/> while it waits.</summary>
    public Replica? FindWorking() =>
        _item.TryGetTarget(out var item) ? Array.Find(Replicas, replica => replica.Batch.Holds(item)) : null;

    /// <summary>Fails it with the loop.</summary>
    public void Fail(WaitGraph waits)
    {
        if (_item.TryGetTarget(out var item))
        {
            item.Request.Fail(Explain(waits.FindName(sender) ?? pool));
        }
    }

    private FlowError Explain(string name)
    {
        var through = name == pool ? "" : $", directly or through others, for '{name}':";
        return new FlowError(
            FlowErrorCode.DeadlineExceeded,
            $"'{name}' has sent this request to its own flow, which has waited {CallLoops.Patience.TotalSeconds:0} s for '{pool}': all its"
                + $" replicas ({Replicas.Length}) work on calls that wait{through} for the call that waits for this answer."
                + $" Let another executor answer it, call the method itself, or give '{pool}' more replicas than calls that ask the flow"
                + " at once.")
        {
            Executor = name,
        };
    }
}
