using System.Collections.Concurrent;

namespace FlowKit.Clip.Inference.Pixels;

/// <summary>
/// The threads that decode and preprocess pictures: their own, so that pixels starve neither the gateway's threads nor a text query, and
/// few, so that work waits here rather than on the processor.
/// </summary>
internal sealed class PixelWorkers : IDisposable
{
    private const int WaitingWorks = 64;

    private readonly BlockingCollection<PixelWork> _waiting = new(WaitingWorks);
    private readonly Thread[] _threads;

    /// <summary>Makes the threads; they start with the first work.</summary>
    /// <param name="threads">The number of threads; 0 for one per core.</param>
    internal PixelWorkers(int threads)
    {
        _threads = new Thread[threads > 0 ? threads : Environment.ProcessorCount];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"flowkit-pixels-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Lets the threads do a number of pieces of work.</summary>
    /// <param name="count">The number of items.</param>
    /// <param name="piece">Does one; called from several threads.</param>
    /// <param name="cancellation">No further pieces are begun.</param>
    /// <returns>Completes when all are done; with the first exception, if any threw.</returns>
    internal PixelWork Start(int count, Action<int> piece, CancellationToken cancellation)
    {
        var work = new PixelWork(count, piece, cancellation);
        for (var i = 0; i < Math.Min(count, _threads.Length); i++)
        {
            if (!_waiting.TryAdd(work))
            {
                // The queue is full: the caller does the work itself.
                work.Do();
                break;
            }
        }

        return work;
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _waiting.Dispose();
    }

    private void Work()
    {
        foreach (var work in _waiting.GetConsumingEnumerable())
        {
            work.Do();
        }
    }
}
