using Microsoft.Extensions.VectorData;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.VectorStores.VectorData;

/// <summary>Searches of a collection, a query a call as the abstraction has it, several at once.</summary>
/// <param name="metric">The measure.</param>
/// <param name="scores">Reads the connector's scores.</param>
internal sealed class CollectionSearch(VectorMetric metric, RecordScore scores)
{
    private const int MaxCalls = 8;

    /// <summary>Finds the nearest documents of each query, equal scores in the order of their ids.</summary>
    public async Task<IReadOnlyList<DocumentArray>> RunAsync(
        VectorStoreCollection<object, Record> collection,
        IReadOnlyList<Document> queries,
        VectorSearch search,
        RecordSelection selection,
        CancellationToken cancellationToken)
    {
        var found = new DocumentArray[queries.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxCalls, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, queries.Count, parallel, async (i, cancelled) =>
            found[i] = await FindAsync(collection, queries[i], search, selection, cancelled));
        return found;
    }

    private async Task<DocumentArray> FindAsync(
        VectorStoreCollection<object, Record> collection,
        Document query,
        VectorSearch search,
        RecordSelection selection,
        CancellationToken cancellationToken)
    {
        var page = (await AskAsync(collection, query, search, selection, cancellationToken))
            .TakeWhile(hit => search.ScoreThreshold is not { } threshold || !scores.IsWorse(hit.Score, threshold))
            .Skip(search.Offset)
            .Take(search.Limit);
        var matches = new DocumentArray();
        foreach (var (record, score) in page)
        {
            var match = RecordSchema.ToDocument(record, search.Fields);
            match.Adjacency = query.Adjacency + 1;
            match.Scores[metric.NameOf()] = metric.ToScore(score, query.Id);
            matches.Add(match);
        }

        return matches;
    }

    /// <summary>
    /// Asks for one more than is wanted, and for twice as many while the last is as near as the last that is wanted: which of equal ones
    /// a connector gives is its own, and pages need one order.
    /// </summary>
    private async Task<List<(Record Record, float Score)>> AskAsync(
        VectorStoreCollection<object, Record> collection,
        Document query,
        VectorSearch search,
        RecordSelection selection,
        CancellationToken cancellationToken)
    {
        var wanted = search.Offset + search.Limit;
        var vector = new ReadOnlyMemory<float>([.. query.Embedding!.ToFloats()]);
        var options = new VectorSearchOptions<Record> { Filter = selection.Filter, IncludeVectors = search.Fields.HasEmbedding };
        for (var top = wanted + 1; ; top *= 2)
        {
            var hits = new List<(Record Record, float Score)>(top);
            await foreach (var result in collection.SearchAsync(vector, top, options, cancellationToken))
            {
                hits.Add((result.Record, scores.Read(result.Score)));
            }

            hits.Sort((left, right) => Compare(left.Score, right.Score) is not 0 and var order
                ? order
                : string.CompareOrdinal(RecordSchema.IdOf(left.Record), RecordSchema.IdOf(right.Record)));
            if (hits.Count < top || top > VectorSearch.MaxMatches || scores.IsWorse(hits[^1].Score, hits[wanted - 1].Score))
            {
                return hits;
            }
        }
    }

    private int Compare(float left, float right)
    {
        if (scores.IsWorse(right, left))
        {
            return -1;
        }

        return scores.IsWorse(left, right) ? 1 : 0;
    }
}
