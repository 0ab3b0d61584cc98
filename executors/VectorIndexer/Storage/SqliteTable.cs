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

    // As much as SQLite itself lets the log grow before it moves it into the database.
    private const long LogLimit = 1000 * PageSize;
    private const long PageSize = 4096;

    private readonly SqliteFile _file;
    private long _logged = LogLimit;

    private SqliteTable(SqliteFile file) => _file = file;

    /// <summary>Indicates whether the write-ahead log is so long that <see cref="EmptyLog"/> is due.</summary>
    public bool IsLogFull => _logged >= LogLimit;

    /// <exception cref="FlowKitException">The file cannot be opened, is damaged, or is of a later format.</exception>
    public static SqliteTable Open(string path, SqliteAccess access)
    {
        var file = new SqliteFile(path, access);
        try
        {
            var table = new SqliteTable(file);
            return file.Guard("opened", () =>
            {
                table.Prepare(access);
                return table;
            });
        }
        catch
        {
            file.Dispose();
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
            : throw new FlowKitException(FlowErrorCode.DataLoss, $"The index '{_file.Path}' is damaged: its dimension is '{text}'.");
    }

    /// <exception cref="FlowKitException">The file is damaged.</exception>
    public IEnumerable<(string Id, float[] Vector)> ReadVectors()
    {
        using var command = _file.Command("SELECT id, embedding FROM documents");
        using var reader = _file.Guard("read", command.ExecuteReader);
        while (_file.Guard("read", reader.Read))
        {
            yield return (reader.GetString(0), MemoryMarshal.Cast<byte, float>((byte[])reader[1]).ToArray());
        }
    }

    /// <summary>Writes all rows or none.</summary>
    /// <exception cref="FlowKitException">The disk is full, gone or damaged.</exception>
    public void Write(IReadOnlyList<IndexedVector> rows, IndexStamp stamp) => _file.Guard("written", () =>
    {
        using var transaction = _file.BeginWriting();
        WriteMeta("dimension", stamp.Dimension.ToString(CultureInfo.InvariantCulture));
        WriteMeta("model", stamp.Model);
        using var command = _file.Command("INSERT OR REPLACE INTO documents (id, document, embedding) VALUES ($id, $document, $embedding)");
        foreach (var row in rows)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$id", row.Id);
            command.Parameters.AddWithValue("$document", row.Document);
            command.Parameters.AddWithValue("$embedding", MemoryMarshal.AsBytes(row.Vector.AsSpan()).ToArray());
            command.ExecuteNonQuery();
            _logged += PageSize + row.Document.Length + (row.Vector.Length * sizeof(float));
        }

        transaction.Commit();
        _logged += 2 * PageSize;
        return rows.Count;
    });

    /// <summary>Deletes all rows or none.</summary>
    /// <exception cref="FlowKitException">The disk is full, gone or damaged.</exception>
    public void Delete(IReadOnlyCollection<string> ids) => _file.Guard("written", () =>
    {
        using var transaction = _file.BeginWriting();
        foreach (var id in ids)
        {
            _file.Execute("DELETE FROM documents WHERE id = $id", ("$id", id));
            _logged += PageSize;
        }

        transaction.Commit();
        _logged += 2 * PageSize;
        return ids.Count;
    });

    /// <summary>
    /// Moves the log into the database, as far as no reader still needs the older state, so that the next write begins the log anew.
    /// Everything is on the disk already: what cannot be moved now is moved another time.
    /// </summary>
    public void EmptyLog()
    {
        try
        {
            _file.Execute("PRAGMA wal_checkpoint(PASSIVE)");
            _logged = 0;
        }
        catch (SqliteException)
        {
            _logged = LogLimit / 2;
        }
    }

    /// <summary>Writes everything into a new file.</summary>
    /// <exception cref="FlowKitException">The file is there already, or the disk is full or gone.</exception>
    public void CopyTo(string path)
    {
        PrivateFile.Ensure(path);
        try
        {
            _file.Execute("VACUUM INTO $path", ("$path", path));
        }
        catch (SqliteException exception)
        {
            // What is full or fails is the disk of the copy.
            throw SqliteFailure.Of(path, "written", exception);
        }
    }

    /// <summary>Takes all rows of another file instead of its own: all of them or none.</summary>
    /// <exception cref="FlowKitException">The disk is full, gone or damaged.</exception>
    public void ReplaceBy(string path) => _file.Guard("written", () =>
    {
        _file.Execute("ATTACH DATABASE $path AS snapshot", ("$path", path));
        try
        {
            using var transaction = _file.BeginWriting();
            foreach (var table in (ReadOnlySpan<string>)["meta", "documents"])
            {
                _file.Execute($"DELETE FROM main.{table}");
                _file.Execute($"INSERT INTO main.{table} SELECT * FROM snapshot.{table}");
            }

            transaction.Commit();
            _logged = LogLimit;
            return 0;
        }
        finally
        {
            _file.Execute("DETACH DATABASE snapshot");
        }
    });

    public void Dispose() => _file.Dispose();

    /// <summary>Writes only what is not there yet: an index on a full disk can be opened.</summary>
    private void Prepare(SqliteAccess access)
    {
        if (access == SqliteAccess.ReadWrite)
        {
            _file.Execute("PRAGMA journal_mode = WAL");
            _file.Execute("PRAGMA synchronous = FULL");
            _file.Execute("PRAGMA wal_autocheckpoint = 0");
            _file.Execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
            _file.Execute("CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, document BLOB NOT NULL, embedding BLOB NOT NULL)");
        }

        var text = ReadMeta("format") ?? "0";
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out var version) || version > FormatVersion)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The index '{_file.Path}' has the format {text}; this FlowKit reads up to {FormatVersion}.");
        }

        if (version < FormatVersion && access == SqliteAccess.ReadWrite)
        {
            WriteMeta("format", FormatVersion.ToString(CultureInfo.InvariantCulture));
        }
    }

    private string? ReadMeta(string key)
    {
        using var command = _file.Command("SELECT value FROM meta WHERE key = $key", ("$key", key));
        return _file.Guard("read", command.ExecuteScalar) as string;
    }

    private void WriteMeta(string key, string value) =>
        _file.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ($key, $value)", ("$key", key), ("$value", value));
}
