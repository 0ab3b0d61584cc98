using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors;

/// <summary>
/// Reads found documents beside a writer. It keeps seeing the state it was last renewed on, whatever is committed meanwhile, so that
/// documents and the vectors in memory are of one state. For one thread at a time.
/// </summary>
internal sealed class DocumentReader(string path, SqliteAccess access) : IDisposable
{
    private readonly SqliteFile _file = new(path, access);
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

    /// <summary>The documents of hits, which must be there.</summary>
    /// <exception cref="FlowKitException">One is not, or the file is damaged.</exception>
    public List<IndexHit> Read(List<(string Id, float Cosine)> hits, bool withVectors)
    {
        if (_state is null)
        {
            Renew();
        }

        return _file.Guard("read", () =>
        {
            using var command = _file.Command(
                "SELECT document, CASE WHEN $with THEN embedding END FROM documents WHERE id = $id",
                ("$with", withVectors),
                ("$id", ""));
            return hits.ConvertAll(hit => Read(command, hit.Id, hit.Cosine));
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

    private IndexHit Read(SqliteCommand command, string id, float cosine)
    {
        command.Parameters["$id"].Value = id;
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new IndexHit(
                (byte[])reader[0],
                reader.IsDBNull(1) ? null : MemoryMarshal.Cast<byte, float>((byte[])reader[1]).ToArray(),
                cosine)
            : throw new FlowKitException(FlowErrorCode.DataLoss, $"The index '{path}' is damaged: the document '{id}' is missing.");
    }

    private void End()
    {
        var state = _state;
        _state = null;
        state?.Dispose();
    }
}
