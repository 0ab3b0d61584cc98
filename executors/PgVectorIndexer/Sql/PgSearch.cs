using FlowKit.Executors.Filters;
using FlowKit.VectorStores;
using Npgsql;
using Pgvector;

namespace FlowKit.Executors.Sql;

/// <summary>Searches as statements.</summary>
internal static class PgSearch
{
    /// <summary>
    /// The statement of a query. An index orders by distance alone; equal ones are put into the order of their ids afterwards.
    /// </summary>
    public static NpgsqlBatchCommand CommandOf(PgTable table, PgVectorIndexerOptions options, Document query, VectorSearch search)
    {
        var sql = new SqlFilter(options.Schema);
        var where = search.Filter is null ? "true" : sql.Write(search.Filter);
        var parameters = sql.Parameters;
        parameters.Add(new NpgsqlParameter { Value = new Vector(query.Embedding!.ToFloats()) });
        var distance = $"embedding {table.Operator} ${parameters.Count}";
        if (search.ScoreThreshold is { } threshold)
        {
            parameters.Add(new NpgsqlParameter { Value = (double)ToDistance(options.Metric, threshold) });
            where = $"{where} AND {distance} <= ${parameters.Count}";
        }

        var columns = $"document, {PgRow.EmbeddingColumn(search.Fields)} AS embedding, {distance} AS distance, id";
        var limit = search.Offset + search.Limit;
        var isExact = search.Exact || options.Index == PgIndexKind.None;
        var text = isExact
            ? $"SELECT {columns} FROM {table.Name} WHERE {where} ORDER BY distance, id LIMIT {search.Limit} OFFSET {search.Offset}"
            : $"SELECT * FROM (SELECT {columns} FROM {table.Name} WHERE {where} ORDER BY {distance} LIMIT {limit}) AS nearest"
                + $" ORDER BY distance, id LIMIT {search.Limit} OFFSET {search.Offset}";
        var command = new NpgsqlBatchCommand(text);
        parameters.ForEach(parameter => command.Parameters.Add(parameter));
        return command;
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
        var command = new NpgsqlBatchCommand(
            $"SELECT {columns} FROM {table.Name} WHERE {where} AND words @@ {words}"
            + $" ORDER BY score DESC, id LIMIT {search.Limit} OFFSET {search.Offset}");
        parameters.ForEach(parameter => command.Parameters.Add(parameter));
        return command;
    }

    /// <summary>A score of words as users see it.</summary>
    public static (string Name, NamedScore Score) ToWordScore(double score, Document query) =>
        (PgWords.Score, new NamedScore((float)score, PgWords.Score, RefId: query.Id));

    /// <summary>The score of a distance as users see it.</summary>
    public static (string Name, NamedScore Score) ToScore(VectorMetric metric, double distance, Document query) =>
        (metric.NameOf(), metric.ToScore((float)ToScore(metric, distance), query.Id));

    /// <summary>The matches of each query.</summary>
    /// <param name="batch">A statement for each of them.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="search">The search.</param>
    /// <param name="toScore">Makes a score of what a statement calls one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<DocumentArray>> ReadAsync(
        NpgsqlBatch batch,
        IReadOnlyList<Document> queries,
        VectorSearch search,
        Func<double, Document, (string Name, NamedScore Score)> toScore,
        CancellationToken cancellationToken)
    {
        var found = new List<DocumentArray>(queries.Count);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var query in queries)
        {
            var matches = new DocumentArray();
            while (await reader.ReadAsync(cancellationToken))
            {
                var match = PgRow.Read(reader, search.Fields);
                match.Adjacency = query.Adjacency + 1;
                var (name, score) = toScore(reader.GetDouble(2), query);
                match.Scores[name] = score;
                matches.Add(match);
            }

            found.Add(matches);
            await reader.NextResultAsync(cancellationToken);
        }

        return found;
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
