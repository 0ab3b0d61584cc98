using System.Collections.Concurrent;

namespace FlowKit.Runtime.Executors.Calls;

/// <summary>
/// Finds executors that have asked their own flow and wait for the answer, while every replica that could give it waits in turn, directly
/// or through others, for one of them: without this they would wait for ever, for there is no deadline unless somebody says one. One for
/// all pools of a flow; requests that no executor has sent cost nothing.
/// </summary>
internal sealed class CallLoops(TimeProvider time)
{
    private readonly ConcurrentDictionary<SentItem, byte> _items = new();
    private int _isWatching;

    /// <summary>The time that such a request waits in the channel: it may have been sent without waiting for it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Watches an item that comes to a pool, if an executor of this flow has sent it.</summary>
    public void Follow(WorkItem item, PoolState state, ReplicaSet replicas)
    {
        if (item.Request.Call.SentBy is not { } sender)
        {
            return;
        }

        _items.TryAdd(new SentItem(item, sender, state.Name, replicas, time.GetTimestamp()), 0);
        if (Interlocked.Exchange(ref _isWatching, 1) == 0)
        {
            _ = WatchAsync();
        }
    }

    private async Task WatchAsync()
    {
        do
        {
            while (!_items.IsEmpty)
            {
                await Task.Delay(Patience / 2, time).ConfigureAwait(false);
                Look();
            }

            Volatile.Write(ref _isWatching, 0);
        }
        while (!_items.IsEmpty && Interlocked.Exchange(ref _isWatching, 1) == 0);
    }

    private void Look()
    {
        var here = new List<SentItem>();
        foreach (var (item, _) in _items)
        {
            if (item.IsHere)
            {
                here.Add(item);
            }
            else
            {
                _items.TryRemove(item, out _);
            }
        }

        // What is told to the first of a loop frees the others.
        if (here.Exists(item => time.GetElapsedTime(item.Sent) >= Patience))
        {
            var waits = new WaitGraph(here);
            here.Find(item => time.GetElapsedTime(item.Sent) >= Patience && waits.IsWaitingForItself(item))?.Fail(waits);
        }
    }
}
