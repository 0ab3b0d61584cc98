using System.Text;
using FlowKit.VectorStores;
using FlowKit.VectorStores.Words;
using Npgsql;

namespace FlowKit.Executors.Sql;

/// <summary>Makes the table of documents, and checks that it is of the kind that the options say.</summary>
/// <param name="table">The statements.</param>
/// <param name="options">The options.</param>
internal sealed class PgMeta(PgTable table, PgVectorIndexerOptions options)
{
    private const int PageSize = 500;

    private readonly string _textFields = string.Join('\n', options.TextFields);

    /// <summary>The words of a document as a <c>tsvector</c>; <see langword="null"/> where none are searched.</summary>
    public Func<Document, string?> WordsOf { get; } = WordReader(WordFields.Parse(options.TextFields));

    /// <summary>Makes what a store needs that is not there, and takes over a table of an earlier version.</summary>
    /// <exception cref="FlowKitException">The table is of another metric, or has the words of other fields.</exception>
    public async Task<int> OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ReadAsync(connection, null, cancellationToken) is not { } kept)
        {
            return 0;
        }

        if (kept.Metric != options.Metric.NameOf())
        {
            throw Other("metric", $"is one of '{kept.Metric}', not of '{options.Metric.NameOf()}'");
        }

        if (kept.TextFields is null)
        {
            await AddWordsAsync(connection, cancellationToken);
        }
        else if (kept.TextFields != _textFields)
        {
            throw Other("text_fields", $"has the words of [{Names(kept.TextFields)}], not of [{Names(_textFields)}]");
        }

        return 0;
    }

    /// <summary>Returns what the table has; <see langword="null"/> before the first write.</summary>
    public async Task<PgKind?> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var command = PgCommands.CommandOf(
            connection, transaction, $"SELECT dimension, model, metric, text_fields FROM {table.Meta}", []);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new PgKind(
                new VectorStamp(reader.GetInt32(0), reader.GetString(1)),
                reader.GetString(2),
                await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetString(3))
            : null;
    }

    /// <summary>Makes the table for the first write, and refuses a write of another kind.</summary>
    public async Task PrepareAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VectorStamp stamp, CancellationToken cancellationToken)
    {
        var kept = await ReadAsync(connection, transaction, cancellationToken);
        if (kept?.Stamp == stamp)
        {
            return;
        }

        // Whoever comes second waits here, and then sees what the first has made.
        await LockAsync(connection, transaction, cancellationToken);
        kept = await ReadAsync(connection, transaction, cancellationToken);
        if (kept is not null && await HasRowsAsync(connection, transaction, cancellationToken))
        {
            ThrowIfRefused(kept.Stamp, stamp);
            return;
        }

        await PgCommands.ExecuteAsync(
            connection,
            transaction,
            kept is null ? table.Make(stamp.Dimension) : table.Change(stamp.Dimension),
            cancellationToken);
        await PgCommands.ExecuteAsync(
            connection,
            transaction,
            $"INSERT INTO {table.Meta} (dimension, model, metric, text_fields) VALUES ($1, $2, $3, $4)"
            + " ON CONFLICT (one) DO UPDATE SET dimension = excluded.dimension, model = excluded.model, metric = excluded.metric",
            cancellationToken,
            new() { Value = stamp.Dimension },
            new() { Value = stamp.Model },
            new() { Value = options.Metric.NameOf() },
            new() { Value = _textFields });
    }

    /// <summary>Refuses a search of another kind.</summary>
    public async Task CheckAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VectorStamp stamp, CancellationToken cancellationToken)
    {
        if (await ReadAsync(connection, transaction, cancellationToken) is { } kept
            && kept.Stamp != stamp
            && await HasRowsAsync(connection, transaction, cancellationToken))
        {
            ThrowIfRefused(kept.Stamp, stamp);
        }
    }

    private static Func<Document, string?> WordReader(WordFields fields) =>
        fields.Names.Count == 0 ? _ => null : document => PgWords.VectorOf(fields.TextOf(document));

    private static string Names(string lines) => lines.Replace("\n", ", ", StringComparison.Ordinal);

    private FlowKitException Other(string option, string how) => new(
        FlowErrorCode.FailedPrecondition, $"{option}: the table {table.Name} {how}; write that, or another table.");

    private void ThrowIfRefused(VectorStamp kept, VectorStamp other)
    {
        if (kept.Refuse(other, options.AllowUnnamed) is { } reason)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"embedding: {reason}.");
        }
    }

    private Task<int> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        PgCommands.ExecuteAsync(
            connection, transaction, $"LOCK TABLE {table.Meta} IN SHARE ROW EXCLUSIVE MODE", cancellationToken);

    private async Task<bool> HasRowsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = PgCommands.CommandOf(connection, transaction, $"SELECT EXISTS (SELECT 1 FROM {table.Name})", []);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Reads the words of all documents of a table that has none.</summary>
    private async Task AddWordsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, transaction, cancellationToken);
        if (await ReadAsync(connection, transaction, cancellationToken) is not { TextFields: null })
        {
            return;
        }

        await PgCommands.ExecuteAsync(connection, transaction, table.AddWords, cancellationToken);
        for (var last = ""; last is not null;)
        {
            last = await AddWordsAsync(connection, transaction, last, cancellationToken);
        }

        await PgCommands.ExecuteAsync(
            connection,
            transaction,
            $"UPDATE {table.Meta} SET text_fields = $1",
            cancellationToken,
            new NpgsqlParameter { Value = _textFields });
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<string?> AddWordsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string last, CancellationToken cancellationToken)
    {
        var (ids, words) = (new List<string>(), new List<string?>());
        await using (var select = PgCommands.CommandOf(
            connection,
            transaction,
            $"SELECT id, document FROM {table.Name} WHERE id > $1 ORDER BY id LIMIT {PageSize}",
            [new() { Value = last }]))
        {
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetString(0));
                words.Add(WordsOf(StoredDocument.Read(Encoding.UTF8.GetBytes(reader.GetString(1)))));
            }
        }

        await PgCommands.ExecuteAsync(
            connection,
            transaction,
            $"UPDATE {table.Name} AS kept SET words = {PgWords.Folded("made.words")}::tsvector"
            + " FROM unnest($1, $2) AS made (id, words) WHERE kept.id = made.id",
            cancellationToken,
            PgCommands.Texts([.. ids]),
            PgCommands.Texts([.. words]));
        return ids.Count < PageSize ? null : ids[^1];
    }
}
