namespace FlowKit.Runtime;

/// <summary>
/// Parts in line by priority. Age counts: a part is overtaken by those of a higher priority only when they come within the step between them,
/// so that none starves.
/// </summary>
internal sealed class Lane(BatchPolicy? policy, TimeSpan step, long frequency)
{
    private readonly Queue<RequestPart>[] _queues = [new(), new(), new()];
    private readonly long _step = (long)(step.TotalSeconds * frequency);

    public BatchPolicy? Policy { get; } = policy;

    public int Count { get; private set; }

    /// <summary>How much waits, as batches count it.</summary>
    public int Cost { get; private set; }

    /// <summary>Whether only parts of normal priority wait, so that the order is plain.</summary>
    private bool IsPlain => _queues[(int)Priority.High].Count == 0 && _queues[(int)Priority.Low].Count == 0;

    public void Add(RequestPart part)
    {
        _queues[(int)part.Request.Call.Priority].Enqueue(part);
        Count++;
        Cost += Policy is null ? 0 : CostOf(part, 0);
    }

    public RequestPart Peek() => Best().Peek();

    public void Remove()
    {
        var part = Best().Dequeue();
        Count--;
        Cost -= Policy is null ? 0 : CostOf(part, part.Batched!.Taken);
    }

    /// <summary>Takes documents of the first part, as many as fit.</summary>
    /// <returns>How many documents, and how much they count; none when not even one fits.</returns>
    public (int Count, int Cost) TakeFrom(RequestPart part, int room, bool isFirst)
    {
        var given = part.Batched!.Given;
        var (count, cost) = (0, 0);
        for (var i = part.Batched.Taken; i < given.Count; i++)
        {
            var next = Policy!.CostOf(given[i]);
            if (cost + next > room && !(isFirst && count == 0))
            {
                break;
            }

            cost += next;
            count++;
        }

        part.Batched.Taken += count;
        Cost -= cost;
        return (count, cost);
    }

    /// <summary>When the first part came, moved by its priority.</summary>
    public long Rank() => RankOf(Best().Peek());

    /// <summary>When the oldest part came.</summary>
    public long Oldest() => _queues.Where(queue => queue.Count > 0).Min(queue => queue.Peek().Enqueued);

    private Queue<RequestPart> Best()
    {
        var normal = _queues[(int)Priority.Normal];
        return IsPlain ? normal : _queues.Where(queue => queue.Count > 0).MinBy(queue => RankOf(queue.Peek()))!;
    }

    private long RankOf(RequestPart part) => part.Enqueued + ((int)part.Request.Call.Priority * _step);

    private int CostOf(RequestPart part, int from)
    {
        var given = part.Batched!.Given;
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
