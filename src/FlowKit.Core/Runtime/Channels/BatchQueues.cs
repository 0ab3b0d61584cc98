namespace FlowKit.Runtime.Channels;

/// <summary>
/// The items that wait inside a channel: one queue for items that go alone, and one for each batch key. Guarded by the channel's lock.
/// </summary>
internal sealed class BatchQueues(TimeSpan priorityStep, TimeProvider time)
{
    private readonly BatchQueue _plain = new(null, priorityStep, time.TimestampFrequency);
    private readonly Dictionary<BatchKey, BatchQueue> _queues = [];

    /// <summary>Documents and bytes that wait.</summary>
    public QueueUsage Usage { get; private set; }

    /// <summary>Requests that wait.</summary>
    public int Count
    {
        get
        {
            var count = _plain.Count;
            foreach (var queue in _queues.Values)
            {
                count += queue.Count;
            }

            return count;
        }
    }

    /// <summary>The calls that what waits will take.</summary>
    public double Calls
    {
        get
        {
            double calls = _plain.Count;
            foreach (var queue in _queues.Values)
            {
                calls += queue.Calls;
            }

            return calls;
        }
    }

    /// <summary>The time that the oldest item has waited; zero when there is none.</summary>
    public TimeSpan OldestWait
    {
        get
        {
            var oldest = long.MaxValue;
            foreach (var queue in _queues.Values.Prepend(_plain).Where(queue => queue.Count > 0))
            {
                oldest = Math.Min(oldest, queue.Oldest());
            }

            return oldest == long.MaxValue ? TimeSpan.Zero : time.GetElapsedTime(oldest);
        }
    }

    public void Enter(WorkItem item)
    {
        LaneOf(item).Add(item);
        Usage += item.Usage;
    }

    /// <summary>The queue whose first item is served next.</summary>
    /// <param name="hurries">Whether none waits for a fuller batch.</param>
    /// <param name="wait">How long the first of them still waits, when all do; otherwise not at all.</param>
    public BatchQueue? FirstReady(bool hurries, out TimeSpan? wait)
    {
        wait = null;
        var first = _plain.Count > 0 ? _plain : null;
        if (_queues.Count == 0)
        {
            return first;
        }

        var earliest = TimeSpan.MaxValue;
        foreach (var queue in _queues.Values)
        {
            if (queue.Count == 0)
            {
                continue;
            }

            var left = hurries ? TimeSpan.Zero : WaitOf(queue);
            if (left > TimeSpan.Zero)
            {
                earliest = left < earliest ? left : earliest;
            }
            else if (first is null || queue.Rank() < first.Rank())
            {
                first = queue;
            }
        }

        wait = first is null && earliest != TimeSpan.MaxValue ? earliest : null;
        return first;
    }

    /// <summary>Takes what makes one call out of a queue; items whose request has ended come alone, to be counted and dropped.</summary>
    public void Fill(BatchQueue queue, Batch batch)
    {
        if (queue.Policy is null)
        {
            batch.Take(queue.Peek());
            Leave(queue);
            return;
        }

        var key = queue.Peek().Batched!.Key;
        FillBatch(queue, batch, queue.Policy.Max);
        if (queue.Count == 0)
        {
            _queues.Remove(key);
        }
    }

    /// <summary>Takes out everything.</summary>
    public List<WorkItem> Empty()
    {
        List<WorkItem> items = [];
        foreach (var queue in _queues.Values.Prepend(_plain))
        {
            while (queue.Count > 0)
            {
                items.Add(queue.Peek());
                Leave(queue);
            }
        }

        _queues.Clear();
        return items;
    }

    private BatchQueue LaneOf(WorkItem item)
    {
        if (item.Batched is not { } batched)
        {
            return _plain;
        }

        if (!_queues.TryGetValue(batched.Key, out var queue))
        {
            _queues.Add(batched.Key, queue = new BatchQueue(batched.Policy, priorityStep, time.TimestampFrequency));
        }

        return queue;
    }

    private void Leave(BatchQueue queue)
    {
        Usage -= queue.Peek().Usage;
        queue.Remove();
    }

    /// <summary>The time that a queue still waits for a fuller batch.</summary>
    private TimeSpan WaitOf(BatchQueue queue) =>
        queue.Cost >= queue.Policy!.Preferred || queue.Policy.Timeout == TimeSpan.Zero
            ? TimeSpan.Zero
            : queue.Policy.Timeout - time.GetElapsedTime(queue.Oldest());

    private void FillBatch(BatchQueue queue, Batch batch, int room)
    {
        while (queue.Count > 0 && room > 0)
        {
            var item = queue.Peek();
            if (item.Request.IsSettled)
            {
                batch.Drop();
                Leave(queue);
                continue;
            }

            var start = item.Batched!.Taken;
            var (count, cost) = queue.TakeFrom(item, room, batch.Slices.Count == 0);
            if (count == 0 && start < item.Batched.Given.Count)
            {
                break;
            }

            batch.Add(new BatchSlice(item, start, count));
            room -= cost;
            if (item.Batched.Taken == item.Batched.Given.Count)
            {
                Leave(queue);
            }
        }
    }
}
