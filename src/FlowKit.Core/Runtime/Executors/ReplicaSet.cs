namespace FlowKit.Runtime.Executors;

/// <summary>The replicas of one pool: those that serve or are restarted, and those that hang and have been given up.</summary>
internal sealed class ReplicaSet
{
    private readonly Lock _lock = new();
    private readonly List<Replica> _replicas = [];
    private readonly List<Replica> _abandoned = [];
    private bool _isClosed;

    /// <summary>Adds a replica and starts it, unless the set is closed.</summary>
    public bool TryAdd(Replica replica, Action<Replica> start)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _replicas.Add(replica);
            start(replica);
            return true;
        }
    }

    /// <summary>Adds a replica that takes the place of one that is still there, and starts it; the old one serves on.</summary>
    public bool TryAddBeside(Replica old, Replica replica, Action<Replica> start)
    {
        lock (_lock)
        {
            var place = _replicas.IndexOf(old);
            if (_isClosed || place < 0)
            {
                return false;
            }

            _replicas.Insert(place, replica);
            start(replica);
            return true;
        }
    }

    /// <returns>Whether it was still there, and so is the caller's to dispose.</returns>
    public bool Remove(Replica replica)
    {
        lock (_lock)
        {
            return _replicas.Remove(replica);
        }
    }

    /// <summary>Gives up a replica whose call hangs, in one step for <see cref="ForgetAbandoned"/>, which may come at once.</summary>
    public bool TryAbandon(Replica replica, long started)
    {
        lock (_lock)
        {
            if (!replica.TryAbandon(started))
            {
                return false;
            }

            _replicas.Remove(replica);
            _abandoned.Add(replica);
            return true;
        }
    }

    public void ForgetAbandoned(Replica replica)
    {
        lock (_lock)
        {
            _abandoned.Remove(replica);
        }
    }

    public void SetDown(Replica replica, bool isDown)
    {
        lock (_lock)
        {
            replica.IsDown = isDown;
        }
    }

    /// <summary>Does something unless a replica serves; none begins to serve meanwhile.</summary>
    /// <returns>Whether it was done.</returns>
    public bool RunIfNoneServes(Action action)
    {
        lock (_lock)
        {
            if (_replicas.Exists(replica => !replica.IsDown))
            {
                return false;
            }

            action();
            return true;
        }
    }

    /// <summary>Counts the replicas that serve, and of those the ones at work.</summary>
    public (int Ready, int Busy) Count(Func<Replica, bool> isBusy)
    {
        lock (_lock)
        {
            return (_replicas.Count(replica => !replica.IsDown), _replicas.Count(replica => !replica.IsDown && isBusy(replica)));
        }
    }

    public Replica[] ToArray()
    {
        lock (_lock)
        {
            return [.. _replicas];
        }
    }

    /// <summary>Lets no more replicas in.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _replicas.Clear();
        }
    }
}
