using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors.Storage;

/// <summary>
/// Reads found documents beside a writer. It keeps seeing the state it was last renewed on, whatever is committed meanwhile, so that
/// documents and the vectors in memory are of one state. For one thread at a time.
/// </summary>
internal sealed class DocumentReader(string path, SqliteAccess access) : IDisposable
{
    private readonly SqliteFile _file = Open(path, access);
    private SqliteTransaction? _state;

    /// <summary>Moves on to what is committed now.</summary>
    /// <exception cref="FlowKitException">The file cannot be read.</exception>
    public void Renew() => _file.Guard("read", () =>
    {
        End();
        _state = _file.BeginReading();
        try
        {
            // The state is taken by the first statement that reads.
            using var command = _file.Command("SELECT value FROM meta LIMIT 1");
            return command.ExecuteScalar();
        }
        catch
        {
            End();
            throw;
        }
    });

    /// <summary>Rows by their numbers, in one statement; those that are not there are not in the result.</summary>
    /// <exception cref="FlowKitException">The file is damaged.</exception>
    public Dictionary<int, StoredRow> Read(IReadOnlyCollection<int> rows, bool withVectors)
    {
        if (_state is null)
        {
            Renew();
        }

        return _file.Guard("read", () =>
        {
            using var command = _file.Command(
                "SELECT row, id, document, CASE WHEN $with THEN embedding END, checksum FROM rows"
                + " WHERE row IN (SELECT value FROM json_each($rows))",
                ("$with", withVectors),
                ("$rows", JsonSerializer.Serialize(rows, RowNumbersJson.Default.IReadOnlyCollectionInt32)));
            var found = new Dictionary<int, StoredRow>(rows.Count);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var row = SqliteRow.Read(reader);
                found[(int)row.Row] = row;
            }

            return found;
        });
    }

    /// <summary>Every row that has one of the words, in any order, with a score of which more is better (BM25).</summary>
    /// <param name="query">The words as FTS5 reads them.</param>
    /// <param name="found">Takes each.</param>
    /// <exception cref="FlowKitException">The file is damaged.</exception>
    public void FindWords(string query, Action<int, float> found)
    {
        if (_state is null)
        {
            Renew();
        }

        _file.Guard("searched for words", () =>
        {
            using var command = _file.Command("SELECT rowid, bm25(words) FROM words WHERE words MATCH $query", ("$query", query));
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                found((int)reader.GetInt64(0), -(float)reader.GetDouble(1));
            }

            return 0;
        });
    }

    public void Dispose()
    {
        try
        {
            End();
        }
        finally
        {
            _file.Dispose();
        }
    }

    private static SqliteFile Open(string path, SqliteAccess access)
    {
        var file = new SqliteFile(path, access);
        try
        {
            if (access == SqliteAccess.Read)
            {
                file.Guard("opened", () =>
                {
                    IndexSchema.Prepare(file, access);
                    return 0;
                });
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void End()
    {
        var state = _state;
        _state = null;
        state?.Dispose();
    }
}
