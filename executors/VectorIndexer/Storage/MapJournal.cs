using Microsoft.Data.Sqlite;

namespace FlowKit.Executors.Storage;

/// <summary>
/// The rows that were written since the index's map, noted in the same transactions as the rows themselves: with them a map of an earlier
/// moment is one of now.
/// </summary>
internal sealed class MapJournal
{
    private readonly SqliteFile _file;

    /// <summary>Reads which map the file knows.</summary>
    public MapJournal(SqliteFile file)
    {
        _file = file;
        Generation = IndexMeta.ReadMap(file);
        if (Generation is not null)
        {
            using var command = file.Command("SELECT count(*) FROM changed");
            Changes = file.Guard("read", () => (long)command.ExecuteScalar()!);
        }
    }

    /// <summary>The number of the map; <see langword="null"/> where there is none.</summary>
    public long? Generation { get; private set; }

    /// <summary>The number of rows written since; one that was written twice counts twice.</summary>
    public long Changes { get; private set; }

    /// <summary>A statement for <see cref="Note"/>; <see langword="null"/> where nothing is noted.</summary>
    public SqliteCommand? PrepareNote() =>
        Generation is null ? null : _file.Command("INSERT OR IGNORE INTO changed (row) VALUES ($row)", ("$row", 0));

    /// <summary>Notes a row that is written or deleted, within the caller's transaction.</summary>
    public void Note(SqliteCommand? note, int row)
    {
        if (note is not null)
        {
            note.Parameters["$row"].Value = row;
            note.ExecuteNonQuery();
            Changes++;
        }
    }

    /// <summary>The numbers of the rows that were written since.</summary>
    public IEnumerable<int> ReadRows()
    {
        using var command = _file.Command("SELECT row FROM changed");
        using var reader = _file.Guard("read", command.ExecuteReader);
        while (_file.Guard("read", reader.Read))
        {
            yield return (int)reader.GetInt64(0);
        }
    }

    /// <summary>Those of them that are there, as they are now.</summary>
    public IEnumerable<StoredRow> ReadChanged()
    {
        using var command = _file.Command(
            "SELECT rows.row, id, document, embedding, checksum FROM changed JOIN rows ON rows.row = changed.row");
        using var reader = _file.Guard("read", command.ExecuteReader);
        while (_file.Guard("read", reader.Read))
        {
            yield return SqliteRow.Read(reader);
        }
    }

    /// <summary>Begins to note what is written after a map, which is on the disk.</summary>
    /// <exception cref="FlowKitException">The disk is full, gone or damaged.</exception>
    public void Begin(long generation) => _file.Guard("written", () =>
    {
        using var transaction = _file.BeginWriting();
        _file.Execute("CREATE TABLE IF NOT EXISTS changed (row INTEGER PRIMARY KEY)");
        _file.Execute("DELETE FROM changed");
        IndexMeta.WriteMap(_file, generation);
        transaction.Commit();
        (Generation, Changes) = (generation, 0);
        return 0;
    });

    /// <summary>Forgets the map; the caller has a transaction, or none is needed.</summary>
    public void Forget()
    {
        Drop(_file);
        (Generation, Changes) = (null, 0);
    }

    /// <summary>Makes a file one without a map.</summary>
    public static void Drop(SqliteFile file)
    {
        IndexMeta.WriteMap(file, generation: null);
        file.Execute("DROP TABLE IF EXISTS main.changed");
    }
}
