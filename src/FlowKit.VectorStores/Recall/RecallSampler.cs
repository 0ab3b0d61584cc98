using System.Diagnostics.Metrics;
using FlowKit.VectorStores.Telemetry;

namespace FlowKit.VectorStores.Recall;

/// <summary>
/// Repeats some approximate searches exactly, in the background and one at a time, and measures how many of the nearest were found. It
/// takes a tenth of one core at most, and nothing while nobody listens.
/// </summary>
/// <param name="share">The share of searches that are repeated.</param>
/// <param name="executor">The name of the executor.</param>
/// <param name="time">Time.</param>
internal sealed class RecallSampler(double share, string executor, TimeProvider time) : IAsyncDisposable
{
    // After a repetition that took a second, none begins for nine.
    private const int Rest = 9;

    private static readonly Histogram<double> s_recall = IndexMeter.Own.CreateHistogram<double>(
        "flowkit.index.recall",
        "1",
        "Share of the nearest documents that an approximate search found, of searches that are repeated exactly.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1] });

    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _lock = new();
    private Task _repetition = Task.CompletedTask;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Takes searches that have been answered, and repeats one of them or none.</summary>
    /// <param name="store">The store.</param>
    /// <param name="queries">The queries, with their embeddings.</param>
    /// <param name="search">The search.</param>
    /// <param name="found">The matches of each query.</param>
    public void Offer(IVectorStore store, IReadOnlyList<Document> queries, VectorSearch search, IReadOnlyList<DocumentArray> found)
    {
        if (search.Exact || !s_recall.Enabled || !store.Capabilities.Approximate || Choose(queries.Count) is not { } chosen)
        {
            return;
        }

        lock (_lock)
        {
            if (!_repetition.IsCompleted || time.GetUtcNow() < _next || _stopped.IsCancellationRequested)
            {
                return;
            }

            var query = Copy(queries[chosen]);
            var ids = found[chosen].Select(match => match.Id).ToHashSet(StringComparer.Ordinal);
            var exact = search with { Exact = true, Effort = null, Fields = FieldSelection.Parse([], "return") };
            _repetition = Task.Run(() => RepeatAsync(store, query, exact, ids));
        }
    }

    /// <summary>Waits for the repetition that runs, so that the store can be closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        Task repetition;
        lock (_lock)
        {
            repetition = _repetition;
        }

        await repetition;
        _stopped.Dispose();
    }

    private static Document Copy(Document query)
    {
        var copy = new Document(query.Id) { Embedding = query.Embedding };
        if (EmbeddingModel.Of(query) is { } model)
        {
            copy.Metadata[EmbeddingModel.Key] = model;
        }

        return copy;
    }

    private int? Choose(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (Random.Shared.NextDouble() < share)
            {
                return i;
            }
        }

        return null;
    }

    private async Task RepeatAsync(IVectorStore store, Document query, VectorSearch exact, HashSet<string> ids)
    {
        var start = time.GetTimestamp();
        try
        {
            var nearest = (await store.SearchAsync([query], exact, _stopped.Token))[0];
            if (nearest.Count > 0)
            {
                s_recall.Record(
                    nearest.Count(match => ids.Contains(match.Id)) / (double)nearest.Count,
                    new KeyValuePair<string, object?>("executor", executor));
            }
        }
        catch (Exception exception) when (exception is FlowKitException or OperationCanceledException or ObjectDisposedException)
        {
            // The search itself was answered; what could not be measured is left out.
        }

        lock (_lock)
        {
            _next = time.GetUtcNow() + (Rest * time.GetElapsedTime(start));
        }
    }
}
