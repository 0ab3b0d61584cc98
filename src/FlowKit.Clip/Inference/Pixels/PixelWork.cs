using System.Runtime.ExceptionServices;

namespace FlowKit.Clip.Inference.Pixels;

/// <summary>Pieces of work that several threads take one by one.</summary>
internal sealed class PixelWork
{
    private readonly int _count;
    private readonly Action<int> _piece;
    private readonly CancellationToken _cancellation;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();
    private bool _finished;
    private int _next = -1;
    private int _left;
    private Exception? _failure;

    internal PixelWork(int count, Action<int> piece, CancellationToken cancellation)
    {
        (_count, _piece, _cancellation, _left) = (count, piece, cancellation, count);
        if (count == 0)
        {
            Finish();
        }
    }

    /// <summary>Completes when every piece is done or given up.</summary>
    internal Task Done => _done.Task;

    /// <summary>Waits for it.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    internal void Wait()
    {
        WaitQuietly();
        _cancellation.ThrowIfCancellationRequested();
        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Waits for it, whatever becomes of it.</summary>
    internal void WaitQuietly()
    {
        lock (_gate)
        {
            while (!_finished)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Takes pieces until none is left.</summary>
    internal void Do()
    {
        for (var index = Interlocked.Increment(ref _next); index < _count; index = Interlocked.Increment(ref _next))
        {
            try
            {
                if (!_cancellation.IsCancellationRequested && _failure is null)
                {
                    _piece(index);
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Interlocked.CompareExchange(ref _failure, exception, null);
            }

            if (Interlocked.Decrement(ref _left) == 0)
            {
                Finish();
            }
        }
    }

    private void Finish()
    {
        lock (_gate)
        {
            _finished = true;
            Monitor.PulseAll(_gate);
        }

        if (_cancellation.IsCancellationRequested)
        {
            _done.TrySetCanceled(_cancellation);
        }
        else if (_failure is { } failure)
        {
            // Observed here: a caller of Wait gets it from there, and nobody may await the task.
            _done.TrySetException(failure);
            _ = _done.Task.Exception;
        }
        else
        {
            _done.TrySetResult();
        }
    }
}
