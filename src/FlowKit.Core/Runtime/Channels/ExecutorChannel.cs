namespace FlowKit.Runtime.Channels;

/// <summary>
/// The bounded queue before an executor, read by all its replicas. It is bounded in documents and, when asked, in bytes; an item that is larger
/// than the bound gets in when nothing else waits. Senders wait for room in the order they came. Parts of one batch key wait in one queue.
/// </summary>
internal sealed partial class ExecutorChannel : IDisposable
{
    /// <summary>How much older an item must be to stand level with an item of the next higher priority.</summary>
    public static readonly TimeSpan PriorityStep = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _capacity;
    private long _byteCapacity;
    private readonly TimeProvider _time;
    private readonly BatchQueues _queues;
    private readonly LinkedList<PendingWriter> _pendingWriters = [];
    private readonly List<BatchReader> _idle = [];
    private readonly ITimer _flush;
    private bool _isPaused;
    private bool _isCompleted;

    public ExecutorChannel(int capacity, long? byteCapacity, TimeProvider time)
    {
        _capacity = capacity;
        _byteCapacity = byteCapacity ?? long.MaxValue;
        _time = time;
        _queues = new BatchQueues(PriorityStep, time);
        _flush = time.CreateTimer(static channel => ((ExecutorChannel)channel!).WakeAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
                return _queues.Count;
            }
        }
    }

    /// <summary>Documents and bytes that wait inside.</summary>
    public QueueUsage Usage
    {
        get
        {
            lock (_lock)
            {
                return _queues.Usage;
            }
        }
    }

    /// <summary>Puts an item in.</summary>
    /// <param name="item">The item.</param>
    /// <param name="hasRoom">Whether it goes in even if there is no room.</param>
    /// <returns>Whether it is in; false when the channel is closed, or its request ended while it waited for room.</returns>
    public ValueTask<bool> SendAsync(WorkItem item, bool hasRoom = false)
    {
        BatchReader? reader;
        PendingWriter? sender = null;
        item.Enqueued = item.Moved == 0 ? _time.GetTimestamp() : item.Moved;
        lock (_lock)
        {
            if (_isCompleted)
            {
                return new ValueTask<bool>(false);
            }

            if (!hasRoom && (_pendingWriters.Count > 0 || !Fits(item.Usage)))
            {
                sender = new PendingWriter(item);
                _pendingWriters.AddLast(sender);
            }
            else
            {
                _queues.Enter(item);
            }

            Revoke();
            reader = TakeIdle();
        }

        reader?.Wake();
        return sender is null ? new ValueTask<bool>(true) : new ValueTask<bool>(WaitAsync(sender));
    }

    /// <summary>Waits until something can be taken.</summary>
    /// <returns>Whether to go on reading; false when the channel is closed and empty, or the reader has been retired.</returns>
    public ValueTask<bool> WaitAsync(BatchReader reader)
    {
        lock (_lock)
        {
            if (reader.IsRetired || (_isCompleted && _queues.Usage.Documents == 0))
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

    /// <summary>Takes what makes one call; items whose request has ended come alone, to be counted and dropped.</summary>
    public bool TryTake(BatchReader reader, Batch batch)
    {
        batch.Clear();
        BatchReader? next;
        lock (_lock)
        {
            if (reader.IsRetired || _isPaused || FirstReady() is not { } queue)
            {
                return false;
            }

            _queues.Fill(queue, batch);
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

    /// <summary>While paused, items come in as far as there is room and nothing is taken.</summary>
    public void Pause(bool isPaused)
    {
        lock (_lock)
        {
            _isPaused = isPaused;
            Revoke();
        }

        WakeAll();
    }

    /// <summary>Has a reader that waits for items look after itself.</summary>
    public void Wake(BatchReader reader)
    {
        lock (_lock)
        {
            Revoke();
            if (!_idle.Remove(reader))
            {
                return;
            }

            reader.IsServing = true;
        }

        reader.Wake();
    }

    /// <summary>This reader takes nothing more.</summary>
    public void Retire(BatchReader reader)
    {
        bool wasIdle;
        lock (_lock)
        {
            reader.IsRetired = true;
            Revoke();
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
        List<PendingWriter> refused;
        lock (_lock)
        {
            _isCompleted = true;
            refused = [.. _pendingWriters];
            _pendingWriters.Clear();
            Revoke();
        }

        refused.ForEach(sender => sender.Refuse());
        WakeAll();
    }

    /// <summary>Takes out everything, senders that wait included: nobody will serve it.</summary>
    public IReadOnlyList<WorkItem> Empty()
    {
        lock (_lock)
        {
            foreach (var sender in _pendingWriters)
            {
                _queues.Enter(sender.Item);
                sender.Admit();
            }

            _pendingWriters.Clear();
            var items = _queues.Empty();
            Decide();
            return items;
        }
    }

    public void Dispose() => _flush.Dispose();

    private async Task<bool> WaitAsync(PendingWriter sender)
    {
        await using var gone = sender.Item.Request.Token.UnsafeRegister(
            static state =>
            {
                var (channel, waiting) = ((ExecutorChannel, PendingWriter))state!;
                channel.GiveUp(waiting);
            },
            (this, sender));
        return await sender.Admitted;
    }

    private void GiveUp(PendingWriter sender)
    {
        lock (_lock)
        {
            if (!_pendingWriters.Remove(sender))
            {
                return;
            }

            Decide();
        }

        sender.Refuse();
    }

    private bool Fits(QueueUsage usage) =>
        _queues.Usage.Documents == 0 || (_queues.Usage.Documents + usage.Documents <= _capacity && usage.Bytes <= _byteCapacity - _queues.Usage.Bytes);

    private BatchReader? TakeIdle()
    {
        if (_idle.Count == 0 || _isPaused || FirstReady() is null)
        {
            return null;
        }

        return TakeLast();
    }

    private BatchReader TakeLast()
    {
        var reader = _idle[^1];
        _idle.RemoveAt(_idle.Count - 1);
        reader.IsServing = true;
        return reader;
    }

    private void WakeAll()
    {
        BatchReader[] readers;
        lock (_lock)
        {
            Revoke();
            readers = [.. _idle];
            _idle.Clear();
        }

        foreach (var reader in readers)
        {
            reader.IsServing = true;
            reader.Wake();
        }
    }

    /// <summary>The queue whose first item is served next; sets the timer for one that waits for more, which none does while someone waits for the room it takes.</summary>
    private BatchQueue? FirstReady()
    {
        var first = _queues.FirstReady(_isCompleted || _pendingWriters.Count > 0, out var wait);
        if (wait is { } left)
        {
            _flush.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        return first;
    }

    private void AdmitSenders()
    {
        while (_pendingWriters.First is { } first && Fits(first.Value.Item.Usage))
        {
            _pendingWriters.RemoveFirst();
            _queues.Enter(first.Value.Item);
            first.Value.Admit();
        }
    }
}
