namespace FlowKit.Executors.Storage;

/// <summary>Writes an index anew without what is damaged or was removed.</summary>
internal static class IndexCompaction
{
    /// <summary>Removes damaged rows, and gives free pages back to the disk.</summary>
    /// <returns>The number of rows that were removed.</returns>
    public static long Run(string path)
    {
        using var file = new SqliteFile(path, SqliteAccess.ReadWrite);
        return file.Guard("written", () =>
        {
            var (removed, state) = (new List<long>(), IndexState.Empty with { Stamp = new IndexMeta(file).Read().Stamp });
            using (var command = file.Command("SELECT row, id, document, embedding, checksum FROM rows"))
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    var row = SqliteRow.Read(reader);
                    if (row.IsWhole && row.Checksum is { } checksum)
                    {
                        state = state with { Rows = state.Rows + 1, Sum = unchecked(state.Sum + checksum.Packed) };
                    }
                    else
                    {
                        removed.Add(row.Row);
                    }
                }
            }

            using (var transaction = file.BeginWriting())
            {
                removed.ForEach(row => file.Execute("DELETE FROM rows WHERE row = $row", ("$row", row)));
                new IndexMeta(file).Write(state);

                MapJournal.Drop(file);

                // What SQLite keeps of words has no checksums.
                WordTable.Make(file, IndexMeta.ReadWordFields(file) ?? WordTable.DefaultFields);
                transaction.Commit();
            }

            // The size of pages changes only while there is no log.
            file.Execute("PRAGMA journal_mode = DELETE");
            file.Execute("PRAGMA page_size = 16384");
            file.Execute("VACUUM");
            file.Execute("PRAGMA journal_mode = WAL");
            return removed.Count;
        });
    }
}
