using Npgsql;
using NpgsqlTypes;
using Pgvector;

namespace FlowKit.Executors.Sql;

/// <summary>Writes rows within a transaction.</summary>
/// <param name="table">The statements.</param>
internal sealed class PgWriter(PgTable table)
{
    // Below this, a COPY into a table of its own takes longer than a statement for each document.
    private const int CopyRows = 20;

    /// <summary>Writes rows, replacing those with the same id.</summary>
    public Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<PgRow> rows, CancellationToken cancellationToken) =>
        rows.Count < CopyRows
            ? InsertAsync(connection, transaction, rows, cancellationToken)
            : CopyAsync(connection, transaction, rows, cancellationToken);

    private async Task InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<PgRow> rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var row in rows)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(table.Upsert)
            {
                Parameters =
                {
                    new NpgsqlParameter { Value = row.Id },
                    new NpgsqlParameter { Value = row.Document },
                    new NpgsqlParameter { Value = row.Fields },
                    new NpgsqlParameter { Value = new Vector(row.Embedding) },
                    new NpgsqlParameter { Value = row.Words ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CopyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<PgRow> rows, CancellationToken cancellationToken)
    {
        const string Staging = "CREATE TEMPORARY TABLE flowkit_staging"
            + " (id text, document text, fields text, embedding vector, words text) ON COMMIT DROP";
        await PgCommands.ExecuteAsync(connection, transaction, Staging, cancellationToken);
        await using (var writer = await connection.BeginBinaryImportAsync(
            "COPY flowkit_staging (id, document, fields, embedding, words) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var row in rows)
            {
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(row.Id, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(row.Document, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(row.Fields, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(new Vector(row.Embedding), cancellationToken);
                if (row.Words is { } words)
                {
                    await writer.WriteAsync(words, NpgsqlDbType.Text, cancellationToken);
                }
                else
                {
                    await writer.WriteNullAsync(cancellationToken);
                }
            }

            await writer.CompleteAsync(cancellationToken);
        }

        await PgCommands.ExecuteAsync(connection, transaction, table.UpsertStaged, cancellationToken);
    }
}
