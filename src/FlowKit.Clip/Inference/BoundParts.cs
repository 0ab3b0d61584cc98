using System.Runtime.ExceptionServices;

namespace FlowKit.Clip.Inference;

/// <summary>
/// A batch cut into parts. The caller runs every part that no helper has taken, so that no thread waits for anything but work.
/// </summary>
/// <param name="graph">The tower.</param>
/// <param name="parts">One, or several that lie side by side.</param>
internal sealed class BoundParts(GraphRunner graph, BoundPart[] parts) : IThreadPoolWorkItem, IDisposable
{
    private readonly ManualResetEventSlim _done = new();
    private CancellationToken _cancellation;
    private ExceptionDispatchInfo? _error;
    private int _left;

    /// <summary>
    /// Parts that are taken; all of them while nothing runs, so that a helper who comes late finds nothing to do, or a part of the next
    /// run.
    /// </summary>
    private int _taken = parts.Length;

    /// <summary>Runs all parts; the caller holds a slot.</summary>
    /// <exception cref="FlowKitException">The graph failed.</exception>
    public void Run(CancellationToken cancellation)
    {
        if (parts is [var whole])
        {
            graph.Run(whole, cancellation);
            return;
        }

        (_cancellation, _error, _left) = (cancellation, null, parts.Length);
        _done.Reset();
        Volatile.Write(ref _taken, 0);
        for (var helpers = 1; helpers < parts.Length; helpers++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        RunRemaining();
        _done.Wait(CancellationToken.None);
        _error?.Throw();
    }

    /// <summary>Helps, while the tower has a free slot.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (Volatile.Read(ref _taken) < parts.Length && graph.TryEnter())
        {
            try
            {
                RunRemaining();
            }
            finally
            {
                graph.Leave();
            }
        }
    }

    public void Dispose()
    {
        foreach (var part in parts)
        {
            part.Dispose();
        }

        _done.Dispose();
    }

    private void RunRemaining()
    {
        while (Interlocked.Increment(ref _taken) - 1 is var index && index < parts.Length)
        {
            RunPart(parts[index]);
        }
    }

    private void RunPart(BoundPart part)
    {
        try
        {
            if (_error is null)
            {
                graph.Run(part, _cancellation);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _error = ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _done.Set();
            }
        }
    }
}
