using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Runtime.Channels;

/// <content>Readers that are lent to senders, for calls on the spot.</content>
internal sealed partial class ExecutorChannel
{
    // An idle reader that a sender takes without the lock, and whether it may: written inside the lock, but for readers that go and come.
    private BatchReader? _free;
    private bool _lends = true;

    /// <summary>Lends an idle reader to a sender that makes its call on the spot, when nothing would be overtaken. One is lent without a lock.</summary>
    public bool TryRentReader([NotNullWhen(true)] out BatchReader? reader)
    {
        reader = Volatile.Read(ref _free) is null ? null : Interlocked.Exchange(ref _free, null);
        if (reader is not null)
        {
            return true;
        }

        if (!Lends)
        {
            return false;
        }

        lock (_lock)
        {
            reader = _idle.Count > 0 && _lends ? TakeLast() : null;
            return reader is not null;
        }
    }

    /// <summary>Whether nothing waits inside that a call on the spot would overtake; when no reader can be had then, one is soon back.</summary>
    public bool Lends => Volatile.Read(ref _lends);

    /// <summary>Whether a reader waits to be lent.</summary>
    public bool IsFree(BatchReader reader) => ReferenceEquals(Volatile.Read(ref _free), reader);

    /// <summary>Takes a borrowed reader back.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="hasWork">Whether it must look after something itself; it does as well when items have come meanwhile.</param>
    public void Return(BatchReader reader, bool hasWork)
    {
        if (!hasWork && Lends && !reader.IsRetired && Interlocked.CompareExchange(ref _free, reader, null) is null)
        {
            // Whoever ends the lending, or retires the reader, reclaims it after saying so: either it is seen here, or the reader there.
            if ((Lends && !reader.IsRetired) || Interlocked.Exchange(ref _free, null) is not { } back)
            {
                return;
            }

            reader = back;
        }

        lock (_lock)
        {
            if (!hasWork && !reader.IsRetired && !_isCompleted && (_isPaused || FirstReady() is null))
            {
                Rest(reader);
                return;
            }
        }

        reader.Wake();
    }

    /// <summary>Says whether readers are lent, then takes back the one that waits for it: in this order.</summary>
    private void Revoke()
    {
        Decide();
        if (Interlocked.Exchange(ref _free, null) is { } free)
        {
            Rest(free);
        }
    }

    private bool Decide()
    {
        var lends = !_isPaused && !_isCompleted && _queues.Usage.Documents == 0 && _pendingWriters.Count == 0;
        Volatile.Write(ref _lends, lends);
        return lends;
    }

    private void Rest(BatchReader reader)
    {
        reader.IsServing = false;
        _idle.Add(reader);
    }
}
