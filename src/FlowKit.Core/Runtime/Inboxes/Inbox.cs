using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Runtime;

/// <summary>
/// The bounded queue before an executor, read by all its replicas. It is bounded in documents and, when asked, in bytes; a part that is larger
/// than the bound gets in when nothing else waits. Senders wait for room in the order they came. Parts of one batch key wait in one lane.
/// </summary>
internal sealed class Inbox : IDisposable
{
    /// <summary>How much older a part must be to stand level with a part of the next higher priority.</summary>
    public static readonly TimeSpan PriorityStep = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _capacity;
    private long _byteCapacity;
    private readonly TimeProvider _time;
    private readonly Lane _plain;
    private readonly Dictionary<BatchKey, Lane> _lanes = [];
    private readonly LinkedList<WaitingSender> _senders = [];
    private readonly List<InboxReader> _idle = [];
    private readonly ITimer _flush;
    private Load _load;
    private int _lent;
    private bool _isPaused;
    private bool _isCompleted;

    public Inbox(int capacity, long? byteCapacity, TimeProvider time)
    {
        _capacity = capacity;
        _byteCapacity = byteCapacity ?? long.MaxValue;
        _time = time;
        _plain = new Lane(null, PriorityStep, time.TimestampFrequency);
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
                return CountInside();
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
                return _load;
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
        WaitingSender sender;
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
                reader = TakeIdle();
            }
            else
            {
                sender = null!;
                Enter(part, LaneOf(part));
                reader = TakeIdle();
            }
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
            if (reader.IsRetired || (_isCompleted && _load.Documents == 0))
            {
                return new ValueTask<bool>(false);
            }

            if (!_isPaused && FirstReady() is not null)
            {
                return new ValueTask<bool>(true);
            }

            _idle.Add(reader);
            reader.IsServing = false;
            return reader.Arm();
        }
    }

    /// <summary>Lends an idle reader to a sender that makes its call on the spot, when nothing would be overtaken.</summary>
    public bool TryBorrow([NotNullWhen(true)] out InboxReader? reader)
    {
        reader = null;
        lock (_lock)
        {
            if (_idle.Count == 0 || _isPaused || _isCompleted || _load.Documents > 0 || _senders.Count > 0)
            {
                return false;
            }

            reader = TakeLast();
            Volatile.Write(ref _lent, _lent + 1);
            return true;
        }
    }

    /// <summary>Whether a sender has a reader, and will soon give it back.</summary>
    public bool IsLending => Volatile.Read(ref _lent) > 0;

    /// <summary>Takes a borrowed reader back.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="hasWork">Whether it must look after something itself; it does as well when parts have come meanwhile.</param>
    public void GiveBack(InboxReader reader, bool hasWork)
    {
        lock (_lock)
        {
            Volatile.Write(ref _lent, _lent - 1);
            if (!hasWork && !reader.IsRetired && !_isCompleted && (_isPaused || FirstReady() is null))
            {
                reader.IsServing = false;
                _idle.Add(reader);
                return;
            }
        }

        reader.Wake();
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

            Fill(lane, batch);
            AdmitSenders();
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
        }

        WakeAll();
    }

    /// <summary>This reader takes nothing more.</summary>
    public void Retire(InboxReader reader)
    {
        bool wasIdle;
        lock (_lock)
        {
            reader.IsRetired = true;
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
        }

        refused.ForEach(sender => sender.Refuse());
        WakeAll();
    }

    /// <summary>Takes out everything, senders that wait included: nobody will serve it.</summary>
    public IReadOnlyList<RequestPart> Empty()
    {
        List<RequestPart> parts = [];
        lock (_lock)
        {
            foreach (var sender in _senders)
            {
                Enter(sender.Part, LaneOf(sender.Part));
                sender.Admit();
            }

            _senders.Clear();
            foreach (var lane in _lanes.Values.Prepend(_plain))
            {
                while (lane.Count > 0)
                {
                    parts.Add(lane.Peek());
                    Leave(lane);
                }
            }

            _lanes.Clear();
        }

        return parts;
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
        }

        sender.Refuse();
    }

    private bool Fits(Load load) =>
        _load.Documents == 0 || (_load.Documents + load.Documents <= _capacity && load.Bytes <= _byteCapacity - _load.Bytes);

    private Lane LaneOf(RequestPart part)
    {
        if (part.Batched is not { } batched)
        {
            return _plain;
        }

        if (!_lanes.TryGetValue(batched.Key, out var lane))
        {
            _lanes.Add(batched.Key, lane = new Lane(batched.Policy, PriorityStep, _time.TimestampFrequency));
        }

        return lane;
    }

    private void Enter(RequestPart part, Lane lane)
    {
        lane.Add(part);
        _load += part.Load;
    }

    private void Leave(Lane lane)
    {
        _load -= lane.Peek().Load;
        lane.Remove();
    }

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
            readers = [.. _idle];
            _idle.Clear();
        }

        foreach (var reader in readers)
        {
            reader.IsServing = true;
            reader.Wake();
        }
    }

    /// <summary>The lane whose first part is served next; sets the timer for one that waits for more.</summary>
    private Lane? FirstReady()
    {
        if (_lanes.Count == 0)
        {
            return _plain.Count > 0 ? _plain : null;
        }

        Lane? first = _plain.Count > 0 ? _plain : null;
        var earliest = TimeSpan.MaxValue;
        foreach (var lane in _lanes.Values)
        {
            if (lane.Count == 0)
            {
                continue;
            }

            var wait = WaitOf(lane);
            if (wait > TimeSpan.Zero)
            {
                earliest = wait < earliest ? wait : earliest;
            }
            else if (first is null || lane.Rank() < first.Rank())
            {
                first = lane;
            }
        }

        if (first is null && earliest != TimeSpan.MaxValue)
        {
            _flush.Change(earliest + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        return first;
    }

    /// <summary>How long a lane still waits for a fuller batch; not at all when someone waits for the room it takes.</summary>
    private TimeSpan WaitOf(Lane lane) =>
        lane.Cost >= lane.Policy!.Preferred || lane.Policy.Timeout == TimeSpan.Zero || _isCompleted || _senders.Count > 0
            ? TimeSpan.Zero
            : lane.Policy.Timeout - _time.GetElapsedTime(lane.Oldest());

    private void Fill(Lane lane, Batch batch)
    {
        if (lane.Policy is null)
        {
            batch.Take(lane.Peek());
            Leave(lane);
            return;
        }

        var key = lane.Peek().Batched!.Key;
        FillBatch(lane, batch, lane.Policy.Most);
        if (lane.Count == 0)
        {
            _lanes.Remove(key);
        }
    }

    private void FillBatch(Lane lane, Batch batch, int room)
    {
        while (lane.Count > 0 && room > 0)
        {
            var part = lane.Peek();
            if (part.Request.IsSettled)
            {
                batch.Drop();
                Leave(lane);
                continue;
            }

            var start = part.Batched!.Taken;
            var (count, cost) = lane.TakeFrom(part, room, batch.Slices.Count == 0);
            if (count == 0 && start < part.Batched.Given.Count)
            {
                break;
            }

            batch.Add(new Slice(part, start, count));
            room -= cost;
            if (part.Batched.Taken == part.Batched.Given.Count)
            {
                Leave(lane);
            }
        }
    }

    private void AdmitSenders()
    {
        while (_senders.First is { } first && Fits(first.Value.Part.Load))
        {
            _senders.RemoveFirst();
            Enter(first.Value.Part, LaneOf(first.Value.Part));
            first.Value.Admit();
        }
    }

    private int CountInside()
    {
        var count = _plain.Count;
        foreach (var lane in _lanes.Values)
        {
            count += lane.Count;
        }

        return count;
    }
}
