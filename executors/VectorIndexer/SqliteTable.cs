using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors;

/// <summary>
/// The durable side of the index: a write is on the disk before it is acknowledged (WAL, synchronous FULL). For one thread at a time.
/// </summary>
internal sealed class SqliteTable : IDisposable
{
    private const int FormatVersion = 1;

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private SqliteCommand? _read;

    static SqliteTable() => SQLitePCL.Batteries_V2.Init();

    private SqliteTable(SqliteConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <exception cref="FlowKitException">The file cannot be opened, is damaged, or is of a later format.</exception>
    public static SqliteTable Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var table = new SqliteTable(connection, path);
            table.Prepare();
            return table;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw SqliteFailure.Of(path, "opened", exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="FlowKitException">The stamp is damaged.</exception>
    public IndexStamp? ReadStamp()
    {
        if (ReadMeta("dimension") is not { } text)
        {
            return null;
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out var dimension) && dimension > 0
            ? new IndexStamp(dimension, ReadMeta("model") ?? "")
            : throw new FlowKitException(FlowErrorCode.DataLoss, $"The index '{_path}' is damaged: its dimension is '{text}'.");
    }

    /// <exception cref="FlowKitException">The file is damaged.</exception>
    public IEnumerable<(string Id, float[] Vector)> ReadVectors()
    {
        using var command = Command("SELECT id, embedding FROM documents");
        using var reader = Guard("read", command.ExecuteReader);
        while (Guard("read", reader.Read))
        {
            yield return (reader.GetString(0), Floats(reader, 1));
        }
    }

    /// <summary>One document, which must be there.</summary>
    /// <exception cref="FlowKitException">It is not, or the file is damaged.</exception>
    public IndexHit Read(string id, bool withVector, float cosine) => Guard("read", () =>
    {
        _read ??= Command("SELECT document, CASE WHEN $with THEN embedding END FROM documents WHERE id = $id", ("$with", withVector), ("$id", id));
        _read.Parameters["$with"].Value = withVector;
        _read.Parameters["$id"].Value = id;
        using var reader = _read.ExecuteReader();
        return reader.Read()
            ? new IndexHit((byte[])reader[0], withVector ? Floats(reader, 1) : null, cosine)
            : throw new FlowKitException(FlowErrorCode.DataLoss, $"The index '{_path}' is damaged: the document '{id}' is missing.");
    });

    /// <summary>Writes all rows or none.</summary>
    /// <exception cref="FlowKitException">The disk is full, gone or damaged.</exception>
    public void Write(IReadOnlyList<IndexedVector> rows, IndexStamp stamp) => Guard("written", () =>
    {
        using var transaction = _connection.BeginTransaction();
        WriteMeta("dimension", stamp.Dimension.ToString(CultureInfo.InvariantCulture));
        WriteMeta("model", stamp.Model);
        using var command = Command("INSERT OR REPLACE INTO documents (id, document, embedding) VALUES ($id, $document, $embedding)");
        foreach (var row in rows)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$id", row.Id);
            command.Parameters.AddWithValue("$document", row.Document);
            command.Parameters.AddWithValue("$embedding", MemoryMarshal.AsBytes(row.Vector.AsSpan()).ToArray());
            command.ExecuteNonQuery();
        }

        transaction.Commit();
        return rows.Count;
    });

    /// <summary>Deletes all rows or none.</summary>
    /// <exception cref="FlowKitException">The disk is full, gone or damaged.</exception>
    public void Delete(IReadOnlyCollection<string> ids) => Guard("written", () =>
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var id in ids)
        {
            using var command = Command("DELETE FROM documents WHERE id = $id", ("$id", id));
            command.ExecuteNonQuery();
        }

        transaction.Commit();
        return ids.Count;
    });

    public void Dispose()
    {
        _read?.Dispose();
        _connection.Dispose();
    }

    private static float[] Floats(SqliteDataReader reader, int column) => MemoryMarshal.Cast<byte, float>((byte[])reader[column]).ToArray();

    private void Prepare()
    {
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        Execute("PRAGMA busy_timeout = 5000");
        Execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
        Execute("CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, document BLOB NOT NULL, embedding BLOB NOT NULL)");
        var text = ReadMeta("format") ?? "0";
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out var version) || version > FormatVersion)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The index '{_path}' has the format {text}; this FlowKit reads up to {FormatVersion}.");
        }

        WriteMeta("format", FormatVersion.ToString(CultureInfo.InvariantCulture));
    }

    private string? ReadMeta(string key)
    {
        using var command = Command("SELECT value FROM meta WHERE key = $key", ("$key", key));
        return Guard("read", command.ExecuteScalar) as string;
    }

    private void WriteMeta(string key, string value)
    {
        using var command = Command("INSERT OR REPLACE INTO meta (key, value) VALUES ($key, $value)", ("$key", key), ("$value", value));
        command.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private T Guard<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Of(_path, what, exception);
        }
    }

    /// <summary>Every statement is a constant of this class; what users send are parameters.</summary>
    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
