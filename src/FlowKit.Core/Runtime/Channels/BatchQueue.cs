namespace FlowKit.Runtime.Channels;

/// <summary>
/// Parts in line by priority. Age counts: an item is overtaken by those of a higher priority only when they come within the step between
/// them, so that none starves.
/// </summary>
internal sealed class BatchQueue(BatchPolicy? policy, TimeSpan step, long frequency)
{
    private readonly Queue<WorkItem>[] _queues = [new(), new(), new()];
    private readonly long _step = (long)(step.TotalSeconds * frequency);

    public BatchPolicy? Policy { get; } = policy;

    public int Count { get; private set; }

    /// <summary>The amount that waits, as batches count it.</summary>
    public int Cost { get; private set; }

    /// <summary>The calls that what waits will take: less than a full batch is a part of one.</summary>
    public double Calls => Policy switch
    {
        null => Count,
        _ when Count == 0 => 0,
        { Max: int.MaxValue } => Math.Min(1, (double)Cost / Policy.Preferred),
        _ => (double)Cost / Policy.Max,
    };

    /// <summary>Tells whether only items of normal priority wait, so that the order is plain.</summary>
    private bool IsPlain => _queues[(int)Priority.High].Count == 0 && _queues[(int)Priority.Low].Count == 0;

    public void Add(WorkItem item)
    {
        _queues[(int)item.Request.Call.Priority].Enqueue(item);
        Count++;
        Cost += Policy is null ? 0 : CostOf(item, 0);
    }

    public WorkItem Peek() => Best().Peek();

    public void Remove()
    {
        var item = Best().Dequeue();
        Count--;
        Cost -= Policy is null ? 0 : CostOf(item, item.Batched!.Taken);
    }

    /// <summary>Takes documents of the first item, as many as fit.</summary>
    /// <returns>How many documents, and how much they count; none when not even one fits.</returns>
    public (int Count, int Cost) TakeFrom(WorkItem item, int room, bool isFirst)
    {
        var given = item.Batched!.Given;
        var (count, cost) = (0, 0);
        for (var i = item.Batched.Taken; i < given.Count; i++)
        {
            var next = Policy!.CostOf(given[i]);
            if (cost + next > room && !(isFirst && count == 0))
            {
                break;
            }

            cost += next;
            count++;
        }

        item.Batched.Taken += count;
        Cost -= cost;
        return (count, cost);
    }

    /// <summary>The time at which the first item came, moved by its priority.</summary>
    public long Rank() => RankOf(Best().Peek());

    /// <summary>The time at which the oldest item came.</summary>
    public long Oldest() => _queues.Where(queue => queue.Count > 0).Min(queue => queue.Peek().Enqueued);

    private Queue<WorkItem> Best()
    {
        var normal = _queues[(int)Priority.Normal];
        return IsPlain ? normal : _queues.Where(queue => queue.Count > 0).MinBy(queue => RankOf(queue.Peek()))!;
    }

    private long RankOf(WorkItem item) => item.Enqueued + ((int)item.Request.Call.Priority * _step);

    private int CostOf(WorkItem item, int from)
    {
        var given = item.Batched!.Given;
        if (Policy!.Cost is null)
        {
            return given.Count - from;
        }

        var cost = 0;
        for (var i = from; i < given.Count; i++)
        {
            cost += Policy.CostOf(given[i]);
        }

        return cost;
    }
}
