namespace FlowKit.Serving.Lines;

/// <summary>Lines that wait for the next call. The one used last is used next, so that those that are not needed grow old and are closed.</summary>
internal sealed class IdleLines : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(CalledLine Line, long Since)> _lines = [];
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isClosed;

    /// <param name="limit">How long one may wait.</param>
    /// <param name="time">Time.</param>
    public IdleLines(TimeSpan limit, TimeProvider time)
    {
        (_limit, _time) = (limit, time);
        _timer = time.CreateTimer(static state => ((IdleLines)state!).CloseOld(), this, limit, limit);
    }

    /// <summary>One of them; <see langword="null"/> when there is none.</summary>
    /// <exception cref="ObjectDisposedException">They are closed.</exception>
    public CalledLine? Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_lines.Count == 0)
            {
                return null;
            }

            var line = _lines[^1].Line;
            _lines.RemoveAt(_lines.Count - 1);
            return line;
        }
    }

    /// <summary>Takes one back.</summary>
    public void Keep(CalledLine line)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _lines.Add((line, _time.GetTimestamp()));
                return;
            }
        }

        line.End.Dispose();
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

    private void CloseOld() => Close(static (lines, since) => lines._time.GetElapsedTime(since) >= lines._limit);

    private void Close(Func<IdleLines, long, bool> isOver)
    {
        lock (_lock)
        {
            var kept = _lines.FindIndex(line => !isOver(this, line.Since));
            kept = kept < 0 ? _lines.Count : kept;
            _lines[..kept].ForEach(line => line.Line.End.Dispose());
            _lines.RemoveRange(0, kept);
        }
    }
}
