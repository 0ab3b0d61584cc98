using FlowKit.Executors.Filters;
using FlowKit.Executors.Sql;
using FlowKit.VectorStores;
using Npgsql;

namespace FlowKit.Executors;

/// <summary>Documents in a table of PostgreSQL. Safe for many callers, and for many processes.</summary>
internal sealed class PgVectorStore : IVectorStore
{
    private readonly PgDatabase _database;
    private readonly PgVectorIndexerOptions _options;
    private readonly PgTable _table;
    private readonly PgMeta _meta;

    private PgVectorStore(PgDatabase database, PgVectorIndexerOptions options)
    {
        (_database, _options, _table) = (database, options, new PgTable(options));
        _meta = new PgMeta(_table, options);
    }

    /// <inheritdoc/>
    public VectorStoreCapabilities Capabilities => new()
    {
        Approximate = _options.Index != PgIndexKind.None,
        WordScore = _options.TextFields.Count == 0 ? null : PgWords.Score,
    };

    /// <summary>Opens a store; the table is made by the first write, when its dimension is known.</summary>
    /// <param name="database">The database; the store disposes it.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The server is not there, or the table is another's or of another metric.</exception>
    public static async Task<PgVectorStore> OpenAsync(
        PgDatabase database, PgVectorIndexerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var store = new PgVectorStore(database, options);
            await database.RunAsync(
                (connection, cancelled) => PgCommands.ExecuteAsync(connection, null, store._table.MakeMeta, cancelled), cancellationToken);
            await database.ReloadTypesAsync(cancellationToken);
            await database.RunAsync(store._meta.OpenAsync, cancellationToken);
            return store;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<VectorStoreStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        var count = await CountAsync(null, cancellationToken);
        var kind = await _database.RunAsync((connection, cancelled) => _meta.ReadAsync(connection, null, cancelled), cancellationToken);
        return new VectorStoreStatus(count, kind?.Stamp, _options.Metric);
    }

    /// <inheritdoc/>
    public async ValueTask UpsertAsync(IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        List<PgRow> rows = [.. documents.Reverse().DistinctBy(document => document.Id)
            .Select(document => PgRow.Of(document, _options.StoreContent, _meta.WordsOf)).OrderBy(row => row.Id, StringComparer.Ordinal)];
        if (rows.Count == 0)
        {
            return;
        }

        await _database.RunAsync(
            async (connection, cancelled) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancelled);
                await _meta.PrepareAsync(connection, transaction, VectorStamp.Of(documents[0]), cancelled);
                await new PgWriter(_table).WriteAsync(connection, transaction, rows, cancelled);
                await transaction.CommitAsync(cancelled);
                return 0;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.Count == 0 ? 0 : await DeleteAsync($"id = ANY($1)", [PgCommands.Texts([.. ids])], cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> DeleteAsync(DocumentCondition filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var sql = new SqlFilter(_options.Schema);
        return await DeleteAsync(sql.Write(filter), sql.Parameters, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Document?>> GetAsync(
        IReadOnlyList<string> ids, FieldSelection fields, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var found = await SelectAsync($"WHERE id = ANY($1)", [PgCommands.Texts([.. ids])], fields, cancellationToken);
        var byId = found.ToDictionary(document => document.Id, StringComparer.Ordinal);

        // A document that is asked for twice must not be one object in two places.
        return [.. ids.Select((id, i) => byId.TryGetValue(id, out var document) ? FirstOrCopy(ids, id, i, document) : null)];
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(DocumentCondition? filter, CancellationToken cancellationToken)
    {
        var sql = new SqlFilter(_options.Schema);
        var where = filter is null ? "true" : sql.Write(filter);
        return await IfThereAsync(
            async (connection, cancelled) =>
            {
                await using var command = PgCommands.CommandOf(
                    connection, null, $"SELECT count(*) FROM {_table.Name} WHERE {where}", sql.Parameters);
                return (long)(await command.ExecuteScalarAsync(cancelled))!;
            },
            0,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<VectorPage> ScrollAsync(VectorScroll scroll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scroll);
        var sql = new SqlFilter(_options.Schema);
        var where = scroll.Filter is null ? "true" : sql.Write(scroll.Filter);
        var after = PgCursor.Read(scroll.Cursor);
        var parameters = sql.Parameters;
        parameters.Add(new NpgsqlParameter { Value = after ?? "" });
        parameters.Add(new NpgsqlParameter { Value = scroll.Limit + 1 });
        var clause = $"WHERE {where} AND id > ${parameters.Count - 1} ORDER BY id LIMIT ${parameters.Count}";
        var found = await SelectAsync(clause, parameters, scroll.Fields, cancellationToken);
        return found.Count <= scroll.Limit
            ? new VectorPage(found, null)
            : new VectorPage(found[..scroll.Limit], PgCursor.Write(found[scroll.Limit - 1].Id));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DocumentArray>> SearchAsync(
        IReadOnlyList<Document> queries, VectorSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(search);
        return await IfThereAsync(
            async (connection, cancelled) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancelled);
                await _meta.CheckAsync(connection, transaction, VectorStamp.Of(queries[0]), cancelled);
                return search.Exact || _options.Index == PgIndexKind.None
                    ? await FindExactlyAsync(connection, transaction, queries, search, cancelled)
                    : await FindByIndexAsync(connection, transaction, queries, search, cancelled);
            },
            (IReadOnlyList<DocumentArray>)[.. queries.Select(_ => new DocumentArray())],
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DocumentArray>> SearchWordsAsync(
        IReadOnlyList<Document> queries, VectorSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(search);
        if (_options.TextFields.Count == 0)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The table {_table.Name} is not searched by words: text_fields is empty.");
        }

        return await IfThereAsync(
            async (connection, cancelled) =>
            {
                await using var batch = new NpgsqlBatch(connection);
                foreach (var query in queries)
                {
                    batch.BatchCommands.Add(PgSearch.WordCommandOf(_table, _options, query, search));
                }

                var found = await PgSearch.ReadAsync(batch, queries, search, PgSearch.ToWordScore, cancelled);
                return [.. found.Select(matches => matches.Documents)];
            },
            (IReadOnlyList<DocumentArray>)[.. queries.Select(_ => new DocumentArray())],
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SnapshotAsync(string folder, CancellationToken cancellationToken) => throw NoSnapshots();

    /// <inheritdoc/>
    public ValueTask RestoreAsync(string folder, CancellationToken cancellationToken) => throw NoSnapshots();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<IReadOnlyList<DocumentArray>> FindExactlyAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<Document> queries,
        VectorSearch search,
        CancellationToken cancellationToken)
    {
        await PgCommands.ExecuteAsync(connection, transaction, PgTable.ExactSettings, cancellationToken);
        var found = await FindAsync(
            new NpgsqlBatch(connection, transaction), PgSearch.ExactCommandOf, queries, search, cancellationToken);
        return [.. found.Select(matches => matches.Documents)];
    }

    /// <summary>A scan of the index ends before it has enough where few documents pass the filter; those queries look at all.</summary>
    private async Task<IReadOnlyList<DocumentArray>> FindByIndexAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<Document> queries,
        VectorSearch search,
        CancellationToken cancellationToken)
    {
        var settings = _table.Settings(search.Offset + search.Limit, search.Effort, search.Filter is not null);
        await PgCommands.ExecuteAsync(connection, transaction, settings, cancellationToken);
        var found = await FindAsync(
            new NpgsqlBatch(connection, transaction), PgSearch.IndexCommandOf, queries, search, cancellationToken);
        var answers = found.Select(matches => matches.Documents).ToArray();
        int[] missed = [.. Enumerable.Range(0, queries.Count).Where(query => found[query].Rows < search.Limit)];
        if (missed.Length > 0)
        {
            var again = missed.Select(query => queries[query]).ToList();
            var exact = await FindExactlyAsync(connection, transaction, again, search, cancellationToken);
            foreach (var (query, documents) in missed.Zip(exact))
            {
                answers[query] = documents;
            }
        }

        return answers;
    }

    private async Task<IReadOnlyList<PgMatches>> FindAsync(
        NpgsqlBatch batch,
        Func<PgTable, PgVectorIndexerOptions, Document, VectorSearch, NpgsqlBatchCommand> commandOf,
        IReadOnlyList<Document> queries,
        VectorSearch search,
        CancellationToken cancellationToken)
    {
        await using (batch)
        {
            foreach (var query in queries)
            {
                batch.BatchCommands.Add(commandOf(_table, _options, query, search));
            }

            return await PgSearch.ReadAsync(
                batch,
                queries,
                search,
                (distance, query) => PgSearch.ToScore(_options.Metric, distance, query, search.ScoreThreshold),
                cancellationToken);
        }
    }

    private static FlowKitException NoSnapshots() => new(
        FlowErrorCode.FailedPrecondition, "Snapshots of a table in PostgreSQL are made with pg_dump; this store has none of its own.");

    private static Document FirstOrCopy(IReadOnlyList<string> ids, string id, int at, Document document)
    {
        if (ids.Take(at).Contains(id))
        {
            var copy = document.Clone();
            copy.Embedding = document.Embedding;
            return copy;
        }

        return document;
    }

    private async Task<long> DeleteAsync(string where, IEnumerable<NpgsqlParameter> parameters, CancellationToken cancellationToken) =>
        await IfThereAsync<long>(
            async (connection, cancelled) =>
            {
                await using var command = PgCommands.CommandOf(connection, null, $"DELETE FROM {_table.Name} WHERE {where}", parameters);
                return await command.ExecuteNonQueryAsync(cancelled);
            },
            0,
            cancellationToken);

    private async Task<List<Document>> SelectAsync(
        string clause, IEnumerable<NpgsqlParameter> parameters, FieldSelection fields, CancellationToken cancellationToken) =>
        await IfThereAsync(
            async (connection, cancelled) =>
            {
                await using var command = PgCommands.CommandOf(
                    connection, null, $"SELECT document, {PgRow.EmbeddingColumn(fields)} FROM {_table.Name} {clause}", parameters);
                var found = new List<Document>();
                await using var reader = await command.ExecuteReaderAsync(cancelled);
                while (await reader.ReadAsync(cancelled))
                {
                    found.Add(PgRow.Read(reader, fields));
                }

                return found;
            },
            [],
            cancellationToken);

    /// <summary>Before the first write there is no table, and nothing in it.</summary>
    private async Task<T> IfThereAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> action, T otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.RunAsync(action, cancellationToken);
        }
        catch (FlowKitException exception)
            when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } missing
                && missing.MessageText.Contains(_options.Table, StringComparison.Ordinal))
        {
            return otherwise;
        }
    }
}
