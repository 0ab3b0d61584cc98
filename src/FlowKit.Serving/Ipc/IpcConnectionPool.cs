namespace FlowKit.Serving.Ipc;

/// <summary>
/// Connections that wait for the next call. The one used last is used next, so that those that are not needed grow old and are closed.
/// </summary>
internal sealed class IpcConnectionPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(IpcClientConnection Connection, long Since)> _connections = [];
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isClosed;

    /// <param name="limit">How long one may wait.</param>
    /// <param name="time">Time.</param>
    public IpcConnectionPool(TimeSpan limit, TimeProvider time)
    {
        (_limit, _time) = (limit, time);
        _timer = time.CreateTimer(static state => ((IpcConnectionPool)state!).CloseOld(), this, limit, limit);
    }

    /// <summary>Takes one of them; <see langword="null"/> when there is none.</summary>
    /// <exception cref="ObjectDisposedException">They are closed.</exception>
    public IpcClientConnection? Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_connections.Count == 0)
            {
                return null;
            }

            var connection = _connections[^1].Connection;
            _connections.RemoveAt(_connections.Count - 1);
            return connection;
        }
    }

    /// <summary>Takes one back.</summary>
    public void Keep(IpcClientConnection connection)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _connections.Add((connection, _time.GetTimestamp()));
                return;
            }
        }

        connection.Frames.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        _timer.Dispose();
        Close(static (_, _) => true);
    }

    private void CloseOld() => Close(static (connections, since) => connections._time.GetElapsedTime(since) >= connections._limit);

    private void Close(Func<IpcConnectionPool, long, bool> isOver)
    {
        lock (_lock)
        {
            var kept = _connections.FindIndex(connection => !isOver(this, connection.Since));
            kept = kept < 0 ? _connections.Count : kept;
            _connections[..kept].ForEach(connection => connection.Connection.Frames.Dispose());
            _connections.RemoveRange(0, kept);
        }
    }
}
