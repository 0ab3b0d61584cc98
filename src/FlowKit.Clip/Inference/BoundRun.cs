using System.Runtime.ExceptionServices;

namespace FlowKit.Clip;

/// <summary>
/// Inputs and output of one shape, bound to their memory; in parts, where the tower lets several calls run at once. Whoever runs it does all parts
/// that nobody else has taken: a helper takes some only while a turn is free, so that no thread waits for anything but work.
/// </summary>
/// <param name="graph">The tower.</param>
/// <param name="parts">One, or several that lie side by side.</param>
/// <param name="outputBytes">Bytes of the whole output.</param>
/// <param name="dimension">Values per embedding.</param>
internal sealed class BoundRun(GraphRunner graph, BoundPart[] parts, int outputBytes, int dimension) : IThreadPoolWorkItem, IDisposable
{
    private readonly ManualResetEventSlim _done = new();
    private CancellationToken _cancellation;
    private ExceptionDispatchInfo? _error;

    private int _left;

    /// <summary>Parts that are taken; all of them while nothing runs, so that a helper who comes late finds nothing to do.</summary>
    private int _taken = parts.Length;

    /// <summary>Bytes of the output.</summary>
    public int OutputBytes => outputBytes;

    /// <summary>Values per embedding.</summary>
    public int Dimension => dimension;

    /// <summary>Runs all parts.</summary>
    /// <exception cref="FlowKitException">The graph failed.</exception>
    public void Run(CancellationToken cancellation)
    {
        if (parts is [var only])
        {
            graph.Run(only, isTurn: false, cancellation);
            return;
        }

        (_cancellation, _error, _left) = (cancellation, null, parts.Length);
        _done.Reset();
        Volatile.Write(ref _taken, 0);
        for (var helpers = 1; helpers < parts.Length; helpers++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        while (Take() is { } part)
        {
            Do(part, isTurn: false);
        }

        _done.Wait(CancellationToken.None);
        _error?.Throw();
    }

    /// <summary>Helps, while the tower has a free turn.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (Volatile.Read(ref _taken) >= parts.Length || !graph.TryEnter())
        {
            return;
        }

        try
        {
            while (Take() is { } part)
            {
                Do(part, isTurn: true);
            }
        }
        finally
        {
            graph.Leave();
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

    private BoundPart? Take()
    {
        var index = Interlocked.Increment(ref _taken) - 1;
        return index < parts.Length ? parts[index] : null;
    }

    private void Do(BoundPart part, bool isTurn)
    {
        try
        {
            if (_error is null)
            {
                graph.Run(part, isTurn, _cancellation);
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
