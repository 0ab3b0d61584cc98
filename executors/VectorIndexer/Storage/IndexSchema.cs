namespace FlowKit.Executors.Storage;

/// <summary>
/// The tables of an index. The second format has checksums, numbers its rows as the search does, and keeps no second tree for ids, which
/// are in memory. The third has the words of documents (see <see cref="WordTable"/>).
/// </summary>
internal static class IndexSchema
{
    private const int Format = 3;
    private const int FirstFormat = 1;
    private const string Columns =
        "row INTEGER PRIMARY KEY, id TEXT NOT NULL, document BLOB NOT NULL, embedding BLOB NOT NULL, checksum INTEGER NOT NULL";

    // Numbers of rows start anew, since an old file that was written over often has few rows and large numbers.
    private const string OldRows =
        "SELECT row_number() OVER (ORDER BY rowid) - 1 AS row, id, document, embedding, rowid AS old FROM documents";

    /// <summary>Writes only what is not there yet: an index on a full disk can be opened.</summary>
    public static void Prepare(SqliteFile file, SqliteAccess access)
    {
        if (access == SqliteAccess.Read)
        {
            if (IndexMeta.ReadFormat(file, Format) <= FirstFormat)
            {
                ShowOldRows(file);
            }

            return;
        }

        // Taken by new files alone. A row of 512 floats and its text fill a page of 4 KiB by half, and one of 16 KiB nearly.
        file.Execute("PRAGMA page_size = 16384");
        file.Execute("PRAGMA journal_mode = WAL");
        file.Execute("PRAGMA synchronous = FULL");
        file.Execute("PRAGMA wal_autocheckpoint = 0");
        file.Execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
        var format = IndexMeta.ReadFormat(file, Format);
        if (format < Format)
        {
            using var transaction = file.BeginWriting();
            file.Execute($"CREATE TABLE IF NOT EXISTS rows ({Columns})");
            if (HasOldTable(file, "main"))
            {
                TakeOldRows(file, "main");
                file.Execute("DROP TABLE main.documents");
            }

            IndexMeta.WriteFormat(file, Format);
            transaction.Commit();
        }
    }

    /// <summary>Takes everything of the attached database <c>snapshot</c>, within the caller's transaction.</summary>
    public static void TakeFromSnapshot(SqliteFile file)
    {
        file.Execute("DELETE FROM main.meta");
        file.Execute("DELETE FROM main.rows");
        file.Execute("INSERT INTO main.meta SELECT * FROM snapshot.meta");
        if (HasOldTable(file, "snapshot"))
        {
            TakeOldRows(file, "snapshot");
            IndexMeta.WriteFormat(file, Format);
        }
        else
        {
            file.Execute("INSERT INTO main.rows SELECT * FROM snapshot.rows");
            IndexMeta.WriteFormat(file, Format);
        }
    }

    private static bool HasOldTable(SqliteFile file, string schema)
    {
        using var command = file.Command($"SELECT count(*) FROM {schema}.sqlite_master WHERE type = 'table' AND name = 'documents'");
        return (long)command.ExecuteScalar()! > 0;
    }

    private static void TakeOldRows(SqliteFile file, string schema)
    {
        file.AddChecksumFunction();
        file.Execute(
            "INSERT INTO main.rows (row, id, document, embedding, checksum)"
            + $" SELECT row, id, document, embedding, row_checksum(row, id, document, embedding)"
            + $" FROM ({OldRows.Replace("FROM documents", $"FROM {schema}.documents", StringComparison.Ordinal)})");
        using var sum = file.Command("SELECT count(*), checksum_sum(checksum) FROM main.rows");
        using var reader = sum.ExecuteReader();
        reader.Read();
        var state = new IndexMeta(file).Read();
        new IndexMeta(file).Write(state with { Rows = reader.GetInt64(0), Sum = reader.IsDBNull(1) ? 0 : reader.GetInt64(1) });
    }

    /// <summary>Reads a file of the first format, which cannot be changed now, as if it were of the second.</summary>
    private static void ShowOldRows(SqliteFile file)
    {
        file.Execute("PRAGMA temp_store = MEMORY");
        file.Execute("CREATE TEMP TABLE row_of (row INTEGER PRIMARY KEY, old INTEGER NOT NULL)");
        file.Execute($"INSERT INTO row_of SELECT row, old FROM ({OldRows})");
        file.Execute(
            "CREATE TEMP VIEW rows AS SELECT row_of.row AS row, id, document, embedding, NULL AS checksum"
            + " FROM row_of JOIN main.documents ON documents.rowid = row_of.old");
    }
}
