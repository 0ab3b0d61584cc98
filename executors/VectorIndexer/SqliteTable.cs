using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors;

/// <summary>The durable side of the index: a write is on the disk before it is acknowledged (WAL, synchronous FULL).</summary>
internal sealed class SqliteTable : IDisposable
{
    private const int FormatVersion = 1;

    private readonly SqliteConnection _connection;

    static SqliteTable() => SQLitePCL.Batteries_V2.Init();

    private SqliteTable(SqliteConnection connection) => _connection = connection;

    /// <exception cref="FlowKitException">The file cannot be opened, is damaged, or is of a later format.</exception>
    public static SqliteTable Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var table = new SqliteTable(connection);
            table.Prepare(path);
            return table;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new FlowKitException(FlowErrorCode.DataLoss, $"The index '{path}' cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public IndexStamp? ReadStamp()
    {
        var dimension = ReadMeta("dimension");
        return dimension is null ? null : new IndexStamp(int.Parse(dimension, CultureInfo.InvariantCulture), ReadMeta("model") ?? "");
    }

    public IEnumerable<(string Id, float[] Vector)> ReadVectors()
    {
        using var command = Command("SELECT id, embedding FROM documents");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return (reader.GetString(0), MemoryMarshal.Cast<byte, float>((byte[])reader[1]).ToArray());
        }
    }

    public (byte[] Document, float[] Vector)? Read(string id)
    {
        using var command = Command("SELECT document, embedding FROM documents WHERE id = $id", ("$id", id));
        using var reader = command.ExecuteReader();
        return reader.Read() ? ((byte[])reader[0], MemoryMarshal.Cast<byte, float>((byte[])reader[1]).ToArray()) : null;
    }

    /// <summary>Writes all rows or none.</summary>
    public void Write(IReadOnlyList<IndexedVector> rows, IndexStamp stamp)
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
    }

    /// <summary>Deletes all rows or none.</summary>
    public void Delete(IEnumerable<string> ids)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var id in ids)
        {
            using var command = Command("DELETE FROM documents WHERE id = $id", ("$id", id));
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Dispose() => _connection.Dispose();

    private void Prepare(string path)
    {
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        Execute("PRAGMA busy_timeout = 5000");
        Execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
        Execute("CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, document BLOB NOT NULL, embedding BLOB NOT NULL)");
        var version = int.Parse(ReadMeta("format") ?? "0", CultureInfo.InvariantCulture);
        if (version > FormatVersion)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The index '{path}' has the format {version}; this FlowKit reads up to {FormatVersion}.");
        }

        WriteMeta("format", FormatVersion.ToString(CultureInfo.InvariantCulture));
    }

    private string? ReadMeta(string key)
    {
        using var command = Command("SELECT value FROM meta WHERE key = $key", ("$key", key));
        return command.ExecuteScalar() as string;
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
