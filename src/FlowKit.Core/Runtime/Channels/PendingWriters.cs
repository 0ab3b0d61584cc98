namespace FlowKit.Runtime.Channels;

/// <summary>
/// The capacity of a channel, and the writers that wait for some of it in the order they came. Guarded by the channel's lock.
/// </summary>
internal sealed class PendingWriters(int capacity, long? byteCapacity)
{
    private readonly LinkedList<PendingWriter> _writers = [];
    private int _capacity = capacity;
    private long _byteCapacity = byteCapacity ?? long.MaxValue;

    public int Count => _writers.Count;

    /// <summary>Tells whether bytes are counted.</summary>
    public bool CountsBytes => Volatile.Read(ref _byteCapacity) != long.MaxValue;

    public void Resize(int capacity, long? byteCapacity) => (_capacity, _byteCapacity) = (capacity, byteCapacity ?? long.MaxValue);

    /// <summary>
    /// Tells whether something fits that need not wait for others. What is larger than the capacity fits when nothing else is inside.
    /// </summary>
    public bool Fits(QueueUsage wanted, QueueUsage inside) =>
        inside.Documents == 0 || (inside.Documents + wanted.Documents <= _capacity && wanted.Bytes <= _byteCapacity - inside.Bytes);

    public PendingWriter Add(WorkItem? item)
    {
        var writer = new PendingWriter(item);
        _writers.AddLast(writer);
        return writer;
    }

    /// <returns>Whether it still waited.</returns>
    public bool Remove(PendingWriter writer) => _writers.Remove(writer);

    /// <summary>Lets writers in, with their items, in their order and as long as there is room for the first of them.</summary>
    public void Admit(BatchQueues queues)
    {
        while (_writers.First is { } first && Fits(first.Value.Usage, queues.Usage))
        {
            _writers.RemoveFirst();
            if (first.Value.Item is { } item)
            {
                queues.Enter(item);
            }

            first.Value.Admit();
        }
    }

    /// <summary>Takes out all that wait.</summary>
    public List<PendingWriter> TakeAll()
    {
        List<PendingWriter> writers = [.. _writers];
        _writers.Clear();
        return writers;
    }
}
