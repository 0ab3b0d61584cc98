namespace FlowKit.Runtime.Channels;

/// <summary>The work that a replica takes out of the channel for one call; each replica fills its own again and again.</summary>
internal sealed class Batch
{
    private readonly List<BatchSlice> _slices = [];

    /// <summary>An item that goes alone, as it is.</summary>
    public WorkItem? Single { get; private set; }

    /// <summary>The documents of several items.</summary>
    public IReadOnlyList<BatchSlice> Slices => _slices;

    /// <summary>The number of items that were dropped while it was filled, since their requests have ended.</summary>
    public int Dropped { get; private set; }

    public void Drop() => Dropped++;

    public void Take(WorkItem item) => Single = item;

    /// <summary>Makes it one item that did not come through the channel.</summary>
    public void Hold(WorkItem item)
    {
        Clear();
        Single = item;
    }

    public void Add(BatchSlice slice) => _slices.Add(slice);

    /// <summary>The items, each once.</summary>
    public IEnumerable<WorkItem> Items => Single is { } single ? [single] : _slices.Select(slice => slice.Item).Distinct();

    /// <summary>
    /// Tells whether it has an item. Whoever asks may be another thread: what it is told is true of a batch that stands still.
    /// </summary>
    public bool Holds(WorkItem item) => Single == item || _slices.ToArray().Any(slice => slice.Item == item);

    public void Clear()
    {
        Single = null;
        Dropped = 0;
        _slices.Clear();
    }
}
