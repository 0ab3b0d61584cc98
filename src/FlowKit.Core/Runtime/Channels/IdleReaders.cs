using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Runtime.Channels;

/// <summary>
/// The readers of a channel that have nothing to read. One of them may lie ready for rent, to be taken without the channel's lock;
/// everything else happens inside it.
/// </summary>
internal sealed class IdleReaders
{
    private readonly List<ReaderSlot> _resting = [];

    // The reader for rent, and whether it may be taken: the flag is written inside the lock, the reader also by those that go and come.
    private ReaderSlot? _forRent;
    private bool _canRent = true;

    /// <summary>Readers that wait to be woken.</summary>
    public int Count => _resting.Count;

    /// <summary>Tells whether readers may be rented; read without the lock.</summary>
    public bool CanRent
    {
        get => Volatile.Read(ref _canRent);
        set => Volatile.Write(ref _canRent, value);
    }

    /// <summary>Takes the reader for rent, without the lock.</summary>
    public bool TryTakeForRent([NotNullWhen(true)] out ReaderSlot? reader)
    {
        reader = Volatile.Read(ref _forRent) is null ? null : Interlocked.Exchange(ref _forRent, null);
        return reader is not null;
    }

    /// <summary>
    /// Takes the reader for rent back, if there is one: with a full fence, so that who has just ended the renting sees a reader that came
    /// at that moment.
    /// </summary>
    public ReaderSlot? TakeBack() => Interlocked.Exchange(ref _forRent, null);

    /// <summary>Lays a reader ready for rent unless another lies there, without the lock.</summary>
    public bool TryLayForRent(ReaderSlot reader) => Interlocked.CompareExchange(ref _forRent, reader, null) is null;

    /// <summary>Tells whether a reader lies ready for rent.</summary>
    public bool IsForRent(ReaderSlot reader) => ReferenceEquals(Volatile.Read(ref _forRent), reader);

    /// <summary>Lets a reader wait to be woken.</summary>
    public void Rest(ReaderSlot reader)
    {
        reader.IsServing = false;
        _resting.Add(reader);
    }

    /// <summary>Takes the reader that came last: what it needs is most likely still near its core.</summary>
    public ReaderSlot TakeLast()
    {
        var reader = _resting[^1];
        _resting.RemoveAt(_resting.Count - 1);
        reader.IsServing = true;
        return reader;
    }

    /// <summary>Takes one reader.</summary>
    /// <returns>Whether it was resting.</returns>
    public bool Take(ReaderSlot reader) => _resting.Remove(reader) && (reader.IsServing = true);

    /// <summary>Takes all that rest.</summary>
    public ReaderSlot[] TakeAll()
    {
        ReaderSlot[] readers = [.. _resting];
        _resting.Clear();
        return readers;
    }
}
