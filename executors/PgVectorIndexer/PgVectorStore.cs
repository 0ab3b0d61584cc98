using FlowKit.Executors.Filters;
using FlowKit.Executors.Sql;
using FlowKit.VectorStores;
using Npgsql;
using NpgsqlTypes;
using Pgvector;

namespace FlowKit.Executors;

/// <summary>Documents in a table of PostgreSQL. Safe for many callers, and for many processes.</summary>
internal sealed class PgVectorStore : IVectorStore
{
    // Below this, a COPY into a table of its own takes longer than a statement for each document.
    private const int CopyRows = 20;

    private readonly PgDatabase _database;
    private readonly PgVectorIndexerOptions _options;
    private readonly PgTable _table;

    private PgVectorStore(PgDatabase database, PgVectorIndexerOptions options) =>
        (_database, _options, _table) = (database, options, new PgTable(options));

    /// <inheritdoc/>
    public VectorStoreCapabilities Capabilities => new() { Approximate = _options.Index != PgIndexKind.None };

    /// <summary>Opens a store; the table is made by the first write, when its dimension is known.</summary>
    /// <param name="database">The database; the store disposes it.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">The server is not there, or the table is another's or of another metric.</exception>
    public static async Task<PgVectorStore> OpenAsync(
        PgDatabase database, PgVectorIndexerOptions options, CancellationToken cancellationToken)
    {
        var store = new PgVectorStore(database, options);
        try
        {
            await database.RunAsync(
                (connection, cancelled) => ExecuteAsync(connection, null, store._table.MakeMeta, cancelled), cancellationToken);
            await database.ReloadTypesAsync(cancellationToken);
            await database.RunAsync(
                async (connection, cancelled) =>
                {
                    var meta = await store.ReadMetaAsync(connection, null, cancelled);
                    return meta is null || meta.Value.Metric == options.Metric.NameOf()
                        ? 0
                        : throw new FlowKitException(
                            FlowErrorCode.FailedPrecondition,
                            $"metric: the table {store._table.Name} is one of '{meta.Value.Metric}', not of '{options.Metric.NameOf()}';"
                            + " write that, or another table.");
                },
                cancellationToken);
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
        var meta = await _database.RunAsync((connection, cancelled) => ReadMetaAsync(connection, null, cancelled), cancellationToken);
        return new VectorStoreStatus(count, meta?.Stamp, _options.Metric);
    }

    /// <inheritdoc/>
    public async ValueTask UpsertAsync(IReadOnlyList<Document> documents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        List<PgRow> rows = [.. documents.Reverse().DistinctBy(document => document.Id)
            .Select(document => PgRow.Of(document, _options.StoreContent)).OrderBy(row => row.Id, StringComparer.Ordinal)];
        if (rows.Count == 0)
        {
            return;
        }

        await _database.RunAsync(
            async (connection, cancelled) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancelled);
                await PrepareAsync(connection, transaction, VectorStamp.Of(documents[0]), cancelled);
                await (rows.Count < CopyRows
                    ? InsertAsync(connection, transaction, rows, cancelled)
                    : CopyAsync(connection, transaction, rows, cancelled));
                await transaction.CommitAsync(cancelled);
                return 0;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.Count == 0 ? 0 : await DeleteAsync($"id = ANY($1)", [Texts([.. ids])], cancellationToken);
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
        var found = await SelectAsync($"WHERE id = ANY($1)", [Texts([.. ids])], fields, cancellationToken);
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
                await using var command = CommandOf(connection, $"SELECT count(*) FROM {_table.Name} WHERE {where}", sql.Parameters);
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
                await CheckAsync(connection, transaction, VectorStamp.Of(queries[0]), cancelled);
                var settings = _table.Settings(search.Offset + search.Limit, search.Effort, search.Exact);
                await ExecuteAsync(connection, transaction, settings, cancelled);
                await using var batch = new NpgsqlBatch(connection, transaction);
                foreach (var query in queries)
                {
                    batch.BatchCommands.Add(PgSearch.CommandOf(_table, _options, query, search));
                }

                return await PgSearch.ReadAsync(batch, _options.Metric, queries, search, cancelled);
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

    private static NpgsqlParameter Texts(string[] values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(connection, sql, []);
        command.Transaction = transaction;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A statement whose text holds only the options' checked names; what users send are parameters.</summary>
    private static NpgsqlCommand CommandOf(NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> parameters)
    {
#pragma warning disable CA2100
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }

    /// <summary>Makes the table for the first write, and refuses a write of another kind.</summary>
    private async Task PrepareAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VectorStamp stamp, CancellationToken cancellationToken)
    {
        var kept = await ReadMetaAsync(connection, transaction, cancellationToken);
        if (kept?.Stamp == stamp)
        {
            return;
        }

        // Whoever comes second waits here, and then sees what the first has made.
        await ExecuteAsync(connection, transaction, $"LOCK TABLE {_table.Meta} IN SHARE ROW EXCLUSIVE MODE", cancellationToken);
        kept = await ReadMetaAsync(connection, transaction, cancellationToken);
        if (kept is not null && await HasRowsAsync(connection, transaction, cancellationToken))
        {
            ThrowIfRefused(kept.Value.Stamp, stamp);
            return;
        }

        await ExecuteAsync(
            connection, transaction, kept is null ? _table.Make(stamp.Dimension) : _table.Change(stamp.Dimension), cancellationToken);
        await using var command = CommandOf(
            connection,
            $"INSERT INTO {_table.Meta} (dimension, model, metric) VALUES ($1, $2, $3)"
            + " ON CONFLICT (one) DO UPDATE SET dimension = excluded.dimension, model = excluded.model, metric = excluded.metric",
            [new() { Value = stamp.Dimension }, new() { Value = stamp.Model }, new() { Value = _options.Metric.NameOf() }]);
        command.Transaction = transaction;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CheckAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VectorStamp stamp, CancellationToken cancellationToken)
    {
        if (await ReadMetaAsync(connection, transaction, cancellationToken) is { } kept
            && kept.Stamp != stamp
            && await HasRowsAsync(connection, transaction, cancellationToken))
        {
            ThrowIfRefused(kept.Stamp, stamp);
        }
    }

    private void ThrowIfRefused(VectorStamp kept, VectorStamp other)
    {
        if (kept.Refuse(other, _options.AllowUnnamed) is { } reason)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"embedding: {reason}.");
        }
    }

    private async Task<bool> HasRowsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(connection, $"SELECT EXISTS (SELECT 1 FROM {_table.Name})", []);
        command.Transaction = transaction;
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<(VectorStamp Stamp, string Metric)?> ReadMetaAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(connection, $"SELECT dimension, model, metric FROM {_table.Meta}", []);
        command.Transaction = transaction;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (new VectorStamp(reader.GetInt32(0), reader.GetString(1)), reader.GetString(2))
            : null;
    }

    private async Task InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<PgRow> rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var row in rows)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(_table.Upsert)
            {
                Parameters =
                {
                    new NpgsqlParameter { Value = row.Id },
                    new NpgsqlParameter { Value = row.Document },
                    new NpgsqlParameter { Value = row.Fields },
                    new NpgsqlParameter { Value = new Vector(row.Embedding) },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CopyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<PgRow> rows, CancellationToken cancellationToken)
    {
        const string Staging =
            "CREATE TEMPORARY TABLE flowkit_staging (id text, document text, fields text, embedding vector) ON COMMIT DROP";
        await ExecuteAsync(connection, transaction, Staging, cancellationToken);
        await using (var writer = await connection.BeginBinaryImportAsync(
            "COPY flowkit_staging (id, document, fields, embedding) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var row in rows)
            {
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(row.Id, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(row.Document, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(row.Fields, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(new Vector(row.Embedding), cancellationToken);
            }

            await writer.CompleteAsync(cancellationToken);
        }

        await ExecuteAsync(connection, transaction, _table.UpsertStaged, cancellationToken);
    }

    private async Task<long> DeleteAsync(string where, IEnumerable<NpgsqlParameter> parameters, CancellationToken cancellationToken) =>
        await IfThereAsync<long>(
            async (connection, cancelled) =>
            {
                await using var command = CommandOf(connection, $"DELETE FROM {_table.Name} WHERE {where}", parameters);
                return await command.ExecuteNonQueryAsync(cancelled);
            },
            0,
            cancellationToken);

    private async Task<List<Document>> SelectAsync(
        string clause, IEnumerable<NpgsqlParameter> parameters, FieldSelection fields, CancellationToken cancellationToken) =>
        await IfThereAsync(
            async (connection, cancelled) =>
            {
                await using var command = CommandOf(
                    connection, $"SELECT document, {PgRow.EmbeddingColumn(fields)} FROM {_table.Name} {clause}", parameters);
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
