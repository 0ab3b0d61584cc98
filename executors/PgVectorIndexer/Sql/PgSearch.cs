using FlowKit.Executors.Filters;
using FlowKit.VectorStores;
using Npgsql;
using Pgvector;

namespace FlowKit.Executors.Sql;

/// <summary>Searches as statements.</summary>
internal static class PgSearch
{
    /// <summary>The candidates that a filtered search by the index takes for each match; the nearest of them are the answer.</summary>
    private const int Candidates = 4;

    /// <summary>The statement of a query that looks at all documents, equal ones in the order of their ids.</summary>
    public static NpgsqlBatchCommand ExactCommandOf(PgTable table, PgVectorIndexerOptions options, Document query, VectorSearch search)
    {
        var (where, distance, parameters) = PartsOf(table, options, query, search);
        if (search.ScoreThreshold is { } threshold)
        {
            parameters.Add(new NpgsqlParameter { Value = (double)ToDistance(options.Metric, threshold) });
            where = $"{where} AND {distance} <= ${parameters.Count}";
        }

        return CommandOf(
            $"SELECT {ColumnsOf(search, distance)} FROM {table.Name} WHERE {where}"
                + $" ORDER BY distance, id LIMIT {search.Limit} OFFSET {search.Offset}",
            parameters);
    }

    /// <summary>
    /// The statement of a query by the index, which knows nothing of a filter: its scan goes on from where it stood until enough documents
    /// pass. What it finds later may be nearer, so that more than enough are taken and put in order. The threshold is not the statement's:
    /// a scan would go on to its end for want of documents as near.
    /// </summary>
    public static NpgsqlBatchCommand IndexCommandOf(PgTable table, PgVectorIndexerOptions options, Document query, VectorSearch search)
    {
        var (where, distance, parameters) = PartsOf(table, options, query, search);
        var wanted = search.Offset + search.Limit;

        // Pages of one search are of one number of candidates, or a page might repeat what one before it had.
        var candidates = search.Filter is null ? wanted : Candidates * (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)wanted);

        // The planner takes the index's order for the order of distances, which a scan that goes on does not keep: "+ 0" is sorted.
        return CommandOf(
            $"SELECT * FROM (SELECT {ColumnsOf(search, distance)} FROM {table.Name} WHERE {where} ORDER BY {distance} LIMIT {candidates})"
                + $" AS nearest ORDER BY distance + 0, id LIMIT {search.Limit} OFFSET {search.Offset}",
            parameters);
    }

    /// <summary>The statement of a query of words, equal scores in the order of their ids.</summary>
    public static NpgsqlBatchCommand WordCommandOf(PgTable table, PgVectorIndexerOptions options, Document query, VectorSearch search)
    {
        var sql = new SqlFilter(options.Schema);
        var where = search.Filter is null ? "true" : sql.Write(search.Filter);
        var parameters = sql.Parameters;
        parameters.Add(new NpgsqlParameter { Value = PgWords.QueryOf(query.Text ?? "") });
        var words = $"{PgWords.Folded($"${parameters.Count}")}::tsquery";
        if (search.ScoreThreshold is { } threshold)
        {
            parameters.Add(new NpgsqlParameter { Value = threshold });
            where = $"{where} AND ts_rank(words, {words}) >= ${parameters.Count}";
        }

        var columns = $"document, {PgRow.EmbeddingColumn(search.Fields)} AS embedding, ts_rank(words, {words})::float8 AS score, id";
        return CommandOf(
            $"SELECT {columns} FROM {table.Name} WHERE {where} AND words @@ {words}"
                + $" ORDER BY score DESC, id LIMIT {search.Limit} OFFSET {search.Offset}",
            parameters);
    }


    /// <summary>A score of words as users see it.</summary>
    public static (string Name, NamedScore Score)? ToWordScore(double score, Document query) =>
        (PgWords.Score, new NamedScore((float)score, PgWords.Score, RefId: query.Id));

    /// <summary>The score of a distance as users see it; <see langword="null"/> when it is worse than the threshold.</summary>
    public static (string Name, NamedScore Score)? ToScore(VectorMetric metric, double distance, Document query, float? threshold) =>
        threshold is { } worst && distance > ToDistance(metric, worst)
            ? null
            : (metric.NameOf(), metric.ToScore((float)ToScore(metric, distance), query.Id));

    /// <summary>The matches of each query.</summary>
    /// <param name="batch">A statement for each of them.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="search">The search.</param>
    /// <param name="toScore">Makes a score of what a statement calls one; <see langword="null"/> where it is worse than asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<PgMatches>> ReadAsync(
        NpgsqlBatch batch,
        IReadOnlyList<Document> queries,
        VectorSearch search,
        Func<double, Document, (string Name, NamedScore Score)?> toScore,
        CancellationToken cancellationToken)
    {
        var found = new List<PgMatches>(queries.Count);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var query in queries)
        {
            var matches = new DocumentArray();
            var rows = 0;
            for (; await reader.ReadAsync(cancellationToken); rows++)
            {
                if (toScore(reader.GetDouble(2), query) is not var (name, score))
                {
                    continue;
                }

                var match = PgRow.Read(reader, search.Fields);
                match.Adjacency = query.Adjacency + 1;
                match.Scores[name] = score;
                matches.Add(match);
            }

            found.Add(new PgMatches(matches, rows));
            await reader.NextResultAsync(cancellationToken);
        }

        return found;
    }

    private static (string Where, string Distance, List<NpgsqlParameter> Parameters) PartsOf(
        PgTable table, PgVectorIndexerOptions options, Document query, VectorSearch search)
    {
        var sql = new SqlFilter(options.Schema);
        var where = search.Filter is null ? "true" : sql.Write(search.Filter);
        var parameters = sql.Parameters;
        parameters.Add(new NpgsqlParameter { Value = new Vector(query.Embedding!.ToFloats()) });
        return (where, $"embedding {table.Operator} ${parameters.Count}", parameters);
    }

    private static string ColumnsOf(VectorSearch search, string distance) =>
        $"document, {PgRow.EmbeddingColumn(search.Fields)} AS embedding, {distance} AS distance, id";

    private static NpgsqlBatchCommand CommandOf(string text, List<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        parameters.ForEach(parameter => command.Parameters.Add(parameter));
        return command;
    }

    private static float ToDistance(VectorMetric metric, float score) => metric switch
    {
        VectorMetric.Cosine => 1 - score,
        VectorMetric.Dot => -score,
        _ => score,
    };

    private static double ToScore(VectorMetric metric, double distance) => metric switch
    {
        VectorMetric.Cosine => Math.Clamp(1 - distance, -1, 1),
        VectorMetric.Dot => -distance,
        _ => distance,
    };
}
