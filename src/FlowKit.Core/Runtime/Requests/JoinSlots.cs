namespace FlowKit.Runtime.Requests;

/// <summary>The parts of a request that wait for others before a join. Guarded by the request's lock.</summary>
internal struct JoinSlots
{
    private Dictionary<(int Join, int StreamIndex), Slot>? _slots;

    /// <summary>Keeps a part until all of a join's inputs have come; the last one takes them all along.</summary>
    /// <returns>All parts in the order of the inputs, or <see langword="null"/> while one is missing.</returns>
    public DocumentArray?[]? Arrive((int Join, int StreamIndex) join, int input, int inputs, DocumentArray? documents)
    {
        _slots ??= [];
        if (!_slots.TryGetValue(join, out var slot))
        {
            _slots[join] = slot = new Slot(new DocumentArray?[inputs], inputs);
        }

        slot.Parts[input] = documents;
        if (--slot.Missing > 0)
        {
            return null;
        }

        _slots.Remove(join);
        return slot.Parts;
    }

    private sealed class Slot(DocumentArray?[] parts, int missing)
    {
        public DocumentArray?[] Parts { get; } = parts;

        public int Missing { get; set; } = missing;
    }
}
