using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FlowKit.VectorStores.Telemetry;

/// <summary>
/// The number of documents in the open indexes of this process. A store that has it in memory tells it at once; one that must ask for it,
/// as a database must, is asked at most every quarter of a minute, and tells what it last knew.
/// </summary>
internal sealed class IndexGauge : IDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<IndexGauge, byte> s_open = new();

    private static readonly ObservableGauge<long> s_documents = IndexMeter.Own.CreateObservableGauge(
        "flowkit.index.documents", MeasureAll, "{document}", "Documents in an index.");

    private readonly IVectorStore _store;
    private readonly ExecutorContext _context;
    private readonly Lock _lock = new();
    private bool _isAsking;
    private bool _mustAsk;
    private long _asked;
    private long? _count;

    private IndexGauge(IVectorStore store, ExecutorContext context) => (_store, _context) = (store, context);

    /// <summary>Has the gauge tell of a store until that is disposed.</summary>
    /// <param name="store">The store.</param>
    /// <param name="context">The executor that has opened it.</param>
    public static IndexGauge Watch(IVectorStore store, ExecutorContext context)
    {
        var gauge = new IndexGauge(store, context);
        s_open.TryAdd(gauge, 0);
        return gauge;
    }

    /// <inheritdoc/>
    public void Dispose() => s_open.TryRemove(this, out _);

    /// <summary>Replicas of one shard have one index.</summary>
    private static IEnumerable<Measurement<long>> MeasureAll() =>
        s_open.Keys.DistinctBy(gauge => (gauge._context.Name, gauge._context.ShardId))
            .Select(gauge => (gauge._context, Count: gauge.Read()))
            .Where(read => read.Count is not null)
            .Select(read => new Measurement<long>(
                read.Count!.Value,
                new KeyValuePair<string, object?>("executor", read._context.Name),
                new KeyValuePair<string, object?>("shard", read._context.ShardId)));

    private long? Read()
    {
        lock (_lock)
        {
            if (!_isAsking && (!_mustAsk || _context.TimeProvider.GetElapsedTime(_asked) >= s_every))
            {
                (_isAsking, _asked) = (true, _context.TimeProvider.GetTimestamp());
                _mustAsk = !AskAsync().IsCompleted;
            }

            return _count;
        }
    }

    private async Task AskAsync()
    {
        using var limit = new CancellationTokenSource(s_limit, _context.TimeProvider);
        long? count = null;
        try
        {
            count = (await _store.GetStatusAsync(limit.Token)).Count;
        }
        catch (Exception exception) when (exception is FlowKitException or OperationCanceledException or ObjectDisposedException)
        {
            // What was last known still is the best that can be told.
        }

        lock (_lock)
        {
            (_isAsking, _count) = (false, count ?? _count);
        }
    }
}
