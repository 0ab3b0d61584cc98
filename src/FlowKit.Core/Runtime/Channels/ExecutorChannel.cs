namespace FlowKit.Runtime;

/// <summary>
/// The bounded queue before an executor, read by all its replicas. It is bounded in documents and, when asked, in bytes; a part that is larger
/// than the bound gets in when nothing else waits. Senders wait for room in the order they came. Parts of one batch key wait in one lane.
/// </summary>
internal sealed partial class Inbox : IDisposable
{
    /// <summary>How much older a part must be to stand level with a part of the next higher priority.</summary>
    public static readonly TimeSpan PriorityStep = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _capacity;
    private long _byteCapacity;
    private readonly TimeProvider _time;
    private readonly InboxLanes _lanes;
    private readonly LinkedList<WaitingSender> _senders = [];
    private readonly List<InboxReader> _idle = [];
    private readonly ITimer _flush;
    private bool _isPaused;
    private bool _isCompleted;

    public Inbox(int capacity, long? byteCapacity, TimeProvider time)
    {
        _capacity = capacity;
        _byteCapacity = byteCapacity ?? long.MaxValue;
        _time = time;
        _lanes = new InboxLanes(PriorityStep, time);
        _flush = time.CreateTimer(static inbox => ((Inbox)inbox!).WakeAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether bytes are counted.</summary>
    public bool CountsBytes => _byteCapacity != long.MaxValue;

    /// <summary>Requests that wait inside.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _lanes.Count;
            }
        }
    }

    /// <summary>Documents and bytes that wait inside.</summary>
    public Load Load
    {
        get
        {
            lock (_lock)
            {
                return _lanes.Load;
            }
        }
    }

    /// <summary>Puts a part in.</summary>
    /// <param name="part">The part.</param>
    /// <param name="hasRoom">Whether it goes in even if there is no room.</param>
    /// <returns>Whether it is in; false when the inbox is closed, or its request ended while it waited for room.</returns>
    public ValueTask<bool> SendAsync(RequestPart part, bool hasRoom = false)
    {
        InboxReader? reader;
        WaitingSender? sender = null;
        part.Enqueued = part.Moved == 0 ? _time.GetTimestamp() : part.Moved;
        lock (_lock)
        {
            if (_isCompleted)
            {
                return new ValueTask<bool>(false);
            }

            if (!hasRoom && (_senders.Count > 0 || !Fits(part.Load)))
            {
                sender = new WaitingSender(part);
                _senders.AddLast(sender);
            }
            else
            {
                _lanes.Enter(part);
            }

            Reclaim();
            reader = TakeIdle();
        }

        reader?.Wake();
        return sender is null ? new ValueTask<bool>(true) : new ValueTask<bool>(WaitAsync(sender));
    }

    /// <summary>Waits until something can be taken.</summary>
    /// <returns>Whether to go on reading; false when the inbox is closed and empty, or the reader has been retired.</returns>
    public ValueTask<bool> WaitAsync(InboxReader reader)
    {
        lock (_lock)
        {
            if (reader.IsRetired || (_isCompleted && _lanes.Load.Documents == 0))
            {
                return new ValueTask<bool>(false);
            }

            if (!_isPaused && FirstReady() is not null)
            {
                return new ValueTask<bool>(true);
            }

            var waiting = reader.Arm();
            if (!Decide() || Interlocked.CompareExchange(ref _free, reader, null) is not null)
            {
                Rest(reader);
            }

            return waiting;
        }
    }

    /// <summary>Takes what makes one call; parts whose request has ended come alone, to be counted and dropped.</summary>
    public bool TryTake(InboxReader reader, Batch batch)
    {
        batch.Clear();
        InboxReader? next;
        lock (_lock)
        {
            if (reader.IsRetired || _isPaused || FirstReady() is not { } lane)
            {
                return false;
            }

            _lanes.Fill(lane, batch);
            AdmitSenders();
            Decide();
            next = _idle.Count > 0 && FirstReady() is not null ? TakeIdle() : null;
        }

        next?.Wake();
        return true;
    }

    /// <summary>Changes the bounds; what is inside already stays.</summary>
    public void Resize(int capacity, long? byteCapacity)
    {
        lock (_lock)
        {
            (_capacity, _byteCapacity) = (capacity, byteCapacity ?? long.MaxValue);
            AdmitSenders();
        }

        WakeAll();
    }

    /// <summary>While paused, parts come in as far as there is room and nothing is taken.</summary>
    public void Pause(bool isPaused)
    {
        lock (_lock)
        {
            _isPaused = isPaused;
            Reclaim();
        }

        WakeAll();
    }

    /// <summary>Has a reader that waits for parts look after itself.</summary>
    public void Wake(InboxReader reader)
    {
        lock (_lock)
        {
            Reclaim();
            if (!_idle.Remove(reader))
            {
                return;
            }

            reader.IsServing = true;
        }

        reader.Wake();
    }

    /// <summary>This reader takes nothing more.</summary>
    public void Retire(InboxReader reader)
    {
        bool wasIdle;
        lock (_lock)
        {
            reader.IsRetired = true;
            Reclaim();
            wasIdle = _idle.Remove(reader);
        }

        if (wasIdle)
        {
            reader.Wake();
        }
        else
        {
            WakeAll();
        }
    }

    /// <summary>Nothing more comes in; what is inside is still taken, without waiting for fuller batches.</summary>
    public void Complete()
    {
        List<WaitingSender> refused;
        lock (_lock)
        {
            _isCompleted = true;
            refused = [.. _senders];
            _senders.Clear();
            Reclaim();
        }

        refused.ForEach(sender => sender.Refuse());
        WakeAll();
    }

    /// <summary>Takes out everything, senders that wait included: nobody will serve it.</summary>
    public IReadOnlyList<RequestPart> Empty()
    {
        lock (_lock)
        {
            foreach (var sender in _senders)
            {
                _lanes.Enter(sender.Part);
                sender.Admit();
            }

            _senders.Clear();
            var parts = _lanes.Empty();
            Decide();
            return parts;
        }
    }

    public void Dispose() => _flush.Dispose();

    private async Task<bool> WaitAsync(WaitingSender sender)
    {
        await using var gone = sender.Part.Request.Token.UnsafeRegister(
            static state =>
            {
                var (inbox, waiting) = ((Inbox, WaitingSender))state!;
                inbox.GiveUp(waiting);
            },
            (this, sender));
        return await sender.Admitted;
    }

    private void GiveUp(WaitingSender sender)
    {
        lock (_lock)
        {
            if (!_senders.Remove(sender))
            {
                return;
            }

            Decide();
        }

        sender.Refuse();
    }

    private bool Fits(Load load) =>
        _lanes.Load.Documents == 0 || (_lanes.Load.Documents + load.Documents <= _capacity && load.Bytes <= _byteCapacity - _lanes.Load.Bytes);

    private InboxReader? TakeIdle()
    {
        if (_idle.Count == 0 || _isPaused || FirstReady() is null)
        {
            return null;
        }

        return TakeLast();
    }

    private InboxReader TakeLast()
    {
        var reader = _idle[^1];
        _idle.RemoveAt(_idle.Count - 1);
        reader.IsServing = true;
        return reader;
    }

    private void WakeAll()
    {
        InboxReader[] readers;
        lock (_lock)
        {
            Reclaim();
            readers = [.. _idle];
            _idle.Clear();
        }

        foreach (var reader in readers)
        {
            reader.IsServing = true;
            reader.Wake();
        }
    }

    /// <summary>The lane whose first part is served next; sets the timer for one that waits for more, which none does while someone waits for the room it takes.</summary>
    private Lane? FirstReady()
    {
        var first = _lanes.FirstReady(_isCompleted || _senders.Count > 0, out var wait);
        if (wait is { } left)
        {
            _flush.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        return first;
    }

    private void AdmitSenders()
    {
        while (_senders.First is { } first && Fits(first.Value.Part.Load))
        {
            _senders.RemoveFirst();
            _lanes.Enter(first.Value.Part);
            first.Value.Admit();
        }
    }
}
