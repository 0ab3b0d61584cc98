namespace FlowKit.Runtime.Executors.Calls;

/// <summary>
/// The waits between the running calls of a flow: a call that has sent a request waits for who works on it or, while nobody does, for any
/// replica that could. Calls that can never end are what is left when all others are taken away.
/// </summary>
internal sealed class WaitGraph
{
    private readonly Dictionary<string, (Replica Replica, string Pool)> _replicas = new(StringComparer.Ordinal);
    private readonly ILookup<string, SentItem> _sent;
    private readonly HashSet<string> _stuck;

    /// <param name="items">All items that executors have sent and that are not answered.</param>
    public WaitGraph(IReadOnlyList<SentItem> items)
    {
        foreach (var item in items)
        {
            foreach (var replica in item.Replicas)
            {
                _replicas.TryAdd(replica.Mark, (replica, item.Pool));
            }
        }

        _sent = items.Where(IsOfRunningCall).ToLookup(item => item.Sender, StringComparer.Ordinal);
        _stuck = [.. _sent.Select(group => group.Key)];
        List<string> free;
        do
        {
            free = [.. _stuck.Where(mark => !_sent[mark].Any(IsStuck))];
            _stuck.ExceptWith(free);
        }
        while (free.Count > 0);
    }

    /// <summary>Tells whether an item waits, and every replica that could take it waits in the end for the item's sender.</summary>
    public bool IsWaitingForItself(SentItem item) => item.FindWorking() is null && _stuck.Contains(item.Sender) && IsStuck(item);

    /// <summary>Returns the name of the executor whose replica has a mark.</summary>
    public string? FindName(string mark) => _replicas.TryGetValue(mark, out var found) ? found.Pool : null;

    /// <summary>
    /// Tells whether the running call has sent it: what an earlier one sent, without waiting for it, does not hold this one up.
    /// </summary>
    private bool IsOfRunningCall(SentItem item) =>
        _replicas.TryGetValue(item.Sender, out var found) && found.Replica.CallStarted is { } started && started <= item.Sent;

    private bool IsStuck(SentItem item) =>
        item.FindWorking() is { } working
            ? _stuck.Contains(working.Mark)
            : item.Replicas is { Length: > 0 } replicas && Array.TrueForAll(replicas, replica => _stuck.Contains(replica.Mark));
}
