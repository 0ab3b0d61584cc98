namespace FlowKit.Runtime;

/// <summary>What a replica takes out of the inbox for one call; each replica fills its own again and again.</summary>
internal sealed class Batch
{
    private readonly List<Slice> _slices = [];

    /// <summary>A part that goes alone, as it is.</summary>
    public RequestPart? Single { get; private set; }

    /// <summary>The documents of several parts.</summary>
    public IReadOnlyList<Slice> Slices => _slices;

    /// <summary>How many parts were dropped while it was filled, since their requests have ended.</summary>
    public int Dropped { get; private set; }

    public void Drop() => Dropped++;

    public void Take(RequestPart part) => Single = part;

    /// <summary>Makes it one part that did not come through the inbox.</summary>
    public void Hold(RequestPart part)
    {
        Clear();
        Single = part;
    }

    public void Add(Slice slice) => _slices.Add(slice);

    /// <summary>The parts, each once.</summary>
    public IEnumerable<RequestPart> Parts => Single is { } single ? [single] : _slices.Select(slice => slice.Part).Distinct();

    public void Clear()
    {
        Single = null;
        Dropped = 0;
        _slices.Clear();
    }
}
