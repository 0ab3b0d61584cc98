using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors.Storage;

/// <summary>
/// The durable side of the index: a write is on the disk before it is acknowledged (WAL, synchronous FULL). For one thread at a time.
/// </summary>
internal sealed class SqliteTable : IDisposable
{
    // As much as SQLite itself lets the log grow before it moves it into the database.
    private const long LogLimit = 4 << 20;
    private const long RowOverhead = 64;
    private const long PageSize = 16384;

    // The pages of a transaction beside those of rows: two of its own, and about six that FTS5 writes for whatever few words.
    private const int PagesWithoutWords = 2;
    private const int PagesWithWords = 8;

    private readonly SqliteFile _file;
    private readonly IndexMeta _meta;
    private readonly IReadOnlyList<string>? _wordFields;
    private long _logged = LogLimit;

    private SqliteTable(SqliteFile file, SqliteAccess access, WordTable? words, IReadOnlyList<string>? wordFields)
    {
        (_file, _meta, Access, Words, _wordFields) = (file, new IndexMeta(file), access, words, wordFields);
        Journal = new MapJournal(file);
    }

    /// <summary>The way in which the file is open.</summary>
    public SqliteAccess Access { get; }

    /// <summary>The rows that were written since the index's map.</summary>
    public MapJournal Journal { get; }

    /// <summary>The words of the documents; <see langword="null"/> where they are not found by words.</summary>
    public WordTable? Words { get; }

    /// <summary>Indicates whether the write-ahead log is so long that <see cref="EmptyLog"/> is due.</summary>
    public bool IsLogFull => _logged >= LogLimit;

    /// <summary>Opens a file, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="access">The way in which it is opened.</param>
    /// <param name="wordFields">The fields whose words are searched; <see langword="null"/> for those that the file has.</param>
    /// <exception cref="FlowKitException">The file cannot be opened, is damaged, or is of a later format.</exception>
    public static SqliteTable Open(string path, SqliteAccess access, IReadOnlyList<string>? wordFields = null)
    {
        var file = new SqliteFile(path, access);
        try
        {
            return file.Guard("opened", () =>
            {
                IndexSchema.Prepare(file, access);
                return new SqliteTable(file, access, WordTable.Open(file, access, wordFields), wordFields);
            });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private int Pages => Words is null ? PagesWithoutWords : PagesWithWords;

    /// <exception cref="FlowKitException">The state is damaged.</exception>
    public IndexState ReadState() => _meta.Read();

    /// <summary>All rows, the damaged ones too.</summary>
    /// <exception cref="FlowKitException">The file is damaged.</exception>
    public IEnumerable<StoredRow> ReadRows()
    {
        using var command = _file.Command("SELECT row, id, document, embedding, checksum FROM rows");
        using var reader = _file.Guard("read", command.ExecuteReader);
        while (_file.Guard("read", reader.Read))
        {
            yield return SqliteRow.Read(reader);
        }
    }

    /// <summary>Writes all rows or none.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="state">The state with these rows.</param>
    /// <param name="isNew">Whether nothing else is kept: what is in the file is of another dimension, and damaged.</param>
    /// <exception cref="FlowKitException">The disk is full, gone or damaged.</exception>
    public void Write(IReadOnlyList<IndexRow> rows, IndexState state, bool isNew) => _file.Guard("written", () =>
    {
        using var transaction = _file.BeginWriting();
        if (isNew)
        {
            _file.Execute("DELETE FROM rows");
            Words?.Clear();
            Journal.Forget();
        }

        _meta.Write(state);
        using var command = _file.Command(
            "INSERT OR REPLACE INTO rows (row, id, document, embedding, checksum) VALUES ($row, $id, $document, $embedding, $checksum)");
        using var setWords = Words?.PrepareSet();
        using var removeWords = Words?.PrepareRemove();
        using var note = Journal.PrepareNote();
        foreach (var row in rows)
        {
            Journal.Note(note, row.Row);
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$row", row.Row);
            command.Parameters.AddWithValue("$id", row.Id);
            command.Parameters.AddWithValue("$document", row.Document);
            command.Parameters.AddWithValue("$embedding", MemoryMarshal.AsBytes(row.Vector.AsSpan()).ToArray());
            command.Parameters.AddWithValue("$checksum", row.Checksum.Packed);
            command.ExecuteNonQuery();
            if (Words is not null)
            {
                WordTable.Set(setWords!, removeWords!, row);
            }

            _logged += RowOverhead + row.Words.Length + row.Document.Length + (row.Vector.Length * sizeof(float));
        }

        transaction.Commit();
        _logged += Pages * PageSize;
        return rows.Count;
    });

    /// <summary>Deletes all rows or none.</summary>
    /// <param name="rows">The numbers of the rows.</param>
    /// <param name="state">The state without these rows.</param>
    /// <exception cref="FlowKitException">The disk is full, gone or damaged.</exception>
    public void Delete(IReadOnlyCollection<int> rows, IndexState state) => _file.Guard("written", () =>
    {
        using var transaction = _file.BeginWriting();
        _meta.Write(state);
        using var command = _file.Command("DELETE FROM rows WHERE row = $row", ("$row", 0));
        using var removeWords = Words?.PrepareRemove();
        using var note = Journal.PrepareNote();
        foreach (var row in rows)
        {
            Journal.Note(note, row);
            command.Parameters["$row"].Value = row;
            command.ExecuteNonQuery();
            if (removeWords is not null)
            {
                WordTable.Remove(removeWords, row);
            }
        }

        transaction.Commit();
        _logged += (Pages + rows.Count) * PageSize;
        return rows.Count;
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
            IndexSchema.TakeFromSnapshot(_file);
            Journal.Forget();
            WordTable.Make(_file, _wordFields ?? IndexMeta.ReadWordFields(_file) ?? WordTable.DefaultFields);
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
}
