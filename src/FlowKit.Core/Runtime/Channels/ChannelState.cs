using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Runtime.Channels;

/// <summary>The state that the two ends of an <see cref="ExecutorChannel"/> share, behind one lock.</summary>
internal sealed class ChannelState : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly BatchQueues _queues;
    private readonly PendingWriters _writers;
    private readonly IdleReaders _readers = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _flush;
    private Exception? _error;
    private int _pauses;
    private bool _isCompleted;

    public ChannelState(int capacity, long? byteCapacity, TimeSpan priorityStep, TimeProvider time)
    {
        _time = time;
        _writers = new PendingWriters(capacity, byteCapacity);
        _queues = new BatchQueues(priorityStep, time);
        _flush = time.CreateTimer(
            static state => ((ChannelState)state!).WakeAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool CanRent => _readers.CanRent;

    /// <summary>Completes when nothing more comes in and everything has been taken out.</summary>
    public Task Completion => _completion.Task;

    public ChannelLoad Load
    {
        get
        {
            lock (_lock)
            {
                return new ChannelLoad(_queues.Count, _queues.Usage, _queues.Calls + _writers.Count, _queues.OldestWait);
            }
        }
    }

    /// <summary>Weighs an item that is about to come in, and notes when it comes.</summary>
    public void Measure(WorkItem item)
    {
        item.Usage = new QueueUsage(Math.Max(item.Documents.Count, 1), _writers.CountsBytes ? ContentSize.Of(item.Documents) : 0);
        item.Enqueued = item.Moved == 0 ? _time.GetTimestamp() : item.Moved;
    }

    /// <summary>Lets an item in, or has its writer wait.</summary>
    /// <param name="item">The item.</param>
    /// <param name="ignoresCapacity">Tells whether it goes in even if there is no room.</param>
    /// <param name="mayWait">Tells whether its writer waits for room.</param>
    /// <param name="pending">The writer that waits; <see langword="null"/> when it does not, or when the channel is completed.</param>
    /// <returns>Whether the item is in.</returns>
    public bool TryEnter(WorkItem item, bool ignoresCapacity, bool mayWait, out PendingWriter? pending)
    {
        ReaderSlot? reader;
        pending = null;
        lock (_lock)
        {
            var hasRoom = ignoresCapacity || (_writers.Count == 0 && _writers.Fits(item.Usage, _queues.Usage));
            if (_isCompleted || (!hasRoom && !mayWait))
            {
                return false;
            }

            if (hasRoom)
            {
                _queues.Enter(item);
            }
            else
            {
                pending = _writers.Add(item);
            }

            Revoke();
            reader = TakeIdle();
        }

        reader?.Wake();
        return pending is null;
    }

    /// <summary>Tells whether an item of one document would get in now; when not, the writer waits for that.</summary>
    public bool HasRoom(out PendingWriter? pending)
    {
        lock (_lock)
        {
            var hasRoom = !_isCompleted && _writers.Count == 0 && _writers.Fits(new QueueUsage(1, 0), _queues.Usage);
            pending = _isCompleted || hasRoom ? null : _writers.Add(null);
            return hasRoom;
        }
    }

    /// <summary>Waits until a writer is admitted, or refused since one of the tokens has ended or the channel was completed.</summary>
    public async Task<bool> WaitAsync(PendingWriter pending, CancellationToken ended, CancellationToken cancellationToken)
    {
        await using var endedFirst = Register(pending, ended);
        await using var cancelledFirst = Register(pending, cancellationToken);
        return await pending.Admitted.ConfigureAwait(false);
    }

    /// <summary>Waits until something can be read.</summary>
    /// <returns>Whether to go on reading; false when the channel is completed and empty, or the reader has been retired.</returns>
    public ValueTask<bool> WaitAsync(ReaderSlot reader)
    {
        lock (_lock)
        {
            if (reader.IsRetired || (_isCompleted && _queues.Usage.Documents == 0))
            {
                return new ValueTask<bool>(false);
            }

            if (!IsPaused && FirstReady() is not null)
            {
                return new ValueTask<bool>(true);
            }

            var waiting = reader.Arm();
            if (!DecideOnRent() || !_readers.TryLayForRent(reader))
            {
                _readers.Rest(reader);
            }

            return waiting;
        }
    }

    /// <summary>Takes what makes one call; items whose request has ended come alone, to be counted and dropped.</summary>
    public bool TryRead(ReaderSlot reader, Batch batch)
    {
        batch.Clear();
        ReaderSlot? next;
        lock (_lock)
        {
            if (reader.IsRetired || IsPaused || FirstReady() is not { } queue)
            {
                return false;
            }

            _queues.Fill(queue, batch);
            _writers.Admit(_queues);
            DecideOnRent();
            EndWhenEmpty();
            next = _readers.Count > 0 && FirstReady() is not null ? TakeIdle() : null;
        }

        next?.Wake();
        return true;
    }

    public void Resize(int capacity, long? byteCapacity)
    {
        lock (_lock)
        {
            _writers.Resize(capacity, byteCapacity);
            _writers.Admit(_queues);
        }

        WakeAll();
    }

    /// <summary>Pauses, or takes one pause back: several may hold it at once.</summary>
    public void Pause(bool isPaused)
    {
        lock (_lock)
        {
            _pauses += isPaused ? 1 : -1;
            Revoke();
        }

        WakeAll();
    }

    /// <summary>Has a reader that waits for items look after itself.</summary>
    public void Wake(ReaderSlot reader)
    {
        lock (_lock)
        {
            Revoke();
            if (!_readers.Take(reader))
            {
                return;
            }
        }

        reader.Wake();
    }

    public void Retire(ReaderSlot reader)
    {
        bool wasResting;
        lock (_lock)
        {
            reader.IsRetired = true;
            Revoke();
            wasResting = _readers.Take(reader);
        }

        if (wasResting)
        {
            reader.Wake();
        }
        else
        {
            WakeAll();
        }
    }

    /// <summary>Lets nothing more in; what is inside is still read, without waiting for fuller batches.</summary>
    /// <returns>False when it was completed before.</returns>
    public bool TryComplete(Exception? error)
    {
        List<PendingWriter> refused;
        lock (_lock)
        {
            if (_isCompleted)
            {
                return false;
            }

            (_isCompleted, _error) = (true, error);
            refused = _writers.TakeAll();
            Revoke();
            EndWhenEmpty();
        }

        refused.ForEach(writer => writer.Refuse());
        WakeAll();
        return true;
    }

    /// <summary>Takes out everything, writers that wait included: nobody will serve it.</summary>
    public IReadOnlyList<WorkItem> Drain()
    {
        lock (_lock)
        {
            foreach (var writer in _writers.TakeAll())
            {
                if (writer.Item is { } item)
                {
                    _queues.Enter(item);
                }

                writer.Admit();
            }

            var items = _queues.Empty();
            DecideOnRent();
            EndWhenEmpty();
            return items;
        }
    }

    public bool TryRent([NotNullWhen(true)] out ReaderSlot? reader)
    {
        if (_readers.TryTakeForRent(out reader))
        {
            return true;
        }

        if (!_readers.CanRent)
        {
            return false;
        }

        lock (_lock)
        {
            reader = _readers.Count > 0 && _readers.CanRent ? _readers.TakeLast() : null;
            return reader is not null;
        }
    }

    public void Return(ReaderSlot reader, bool hasWork)
    {
        if (!hasWork && _readers.CanRent && !reader.IsRetired && _readers.TryLayForRent(reader))
        {
            // Whoever ends the renting, or retires the reader, takes it back after saying so: either that is seen here, or the reader
            // there.
            if ((_readers.CanRent && !reader.IsRetired) || _readers.TakeBack() is not { } back)
            {
                return;
            }

            reader = back;
        }

        lock (_lock)
        {
            if (!hasWork && !reader.IsRetired && !_isCompleted && (IsPaused || FirstReady() is null))
            {
                _readers.Rest(reader);
                return;
            }
        }

        reader.Wake();
    }

    public bool IsForRent(ReaderSlot reader) => _readers.IsForRent(reader);

    public void Dispose() => _flush.Dispose();

    private CancellationTokenRegistration Register(PendingWriter pending, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
        ? cancellationToken.UnsafeRegister(
            static state =>
            {
                var (channel, writer) = ((ChannelState, PendingWriter))state!;
                channel.GiveUp(writer);
            },
            (this, pending))
        : default;

    private void GiveUp(PendingWriter writer)
    {
        lock (_lock)
        {
            if (!_writers.Remove(writer))
            {
                return;
            }

            DecideOnRent();
        }

        writer.Refuse();
    }

    /// <summary>Says whether readers are for rent, then takes back the one that lies ready for it: in this order.</summary>
    private void Revoke()
    {
        DecideOnRent();
        if (_readers.TakeBack() is { } reader)
        {
            _readers.Rest(reader);
        }
    }

    private bool IsPaused => _pauses > 0;

    private bool DecideOnRent() => _readers.CanRent = !IsPaused && !_isCompleted && _queues.Usage.Documents == 0 && _writers.Count == 0;

    private ReaderSlot? TakeIdle() => _readers.Count == 0 || IsPaused || FirstReady() is null ? null : _readers.TakeLast();

    private void WakeAll()
    {
        ReaderSlot[] readers;
        lock (_lock)
        {
            Revoke();
            readers = _readers.TakeAll();
        }

        foreach (var reader in readers)
        {
            reader.IsServing = true;
            reader.Wake();
        }
    }

    /// <summary>
    /// The queue whose first item is read next; sets the timer for one that waits for more, which none does while a writer waits for the
    /// room it takes.
    /// </summary>
    private BatchQueue? FirstReady()
    {
        var first = _queues.FirstReady(_isCompleted || _writers.Count > 0, out var wait);
        if (wait is { } left)
        {
            _flush.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        return first;
    }

    private void EndWhenEmpty()
    {
        if (_isCompleted && _queues.Usage.Documents == 0)
        {
            _ = _error is null ? _completion.TrySetResult() : _completion.TrySetException(_error);
        }
    }
}
