using System.Collections.Concurrent;

namespace FlowKit.Executors.Storage;

/// <summary>
/// The connections that read found documents, so that several searches read at once. All of them see the same state.
/// </summary>
internal sealed class DocumentReaders : IDisposable
{
    private const int MaxReaders = 8;

    private readonly DocumentReader[] _all;
    private readonly ConcurrentBag<DocumentReader> _idle = [];
    private readonly SemaphoreSlim _free;

    private DocumentReaders(DocumentReader[] all)
    {
        _all = all;
        _free = new SemaphoreSlim(all.Length);
        foreach (var reader in all)
        {
            _idle.Add(reader);
        }
    }

    /// <exception cref="FlowKitException">The file cannot be read.</exception>
    public static DocumentReaders Open(string path, SqliteAccess access)
    {
        var readers = new DocumentReader[Math.Clamp(Environment.ProcessorCount, 2, MaxReaders)];
        try
        {
            for (var i = 0; i < readers.Length; i++)
            {
                readers[i] = new DocumentReader(path, access);
                readers[i].Renew();
            }

            return new DocumentReaders(readers);
        }
        catch
        {
            Disposal.All(readers);
            throw;
        }
    }

    /// <summary>Moves all on to what is committed now; nobody may be reading.</summary>
    /// <exception cref="FlowKitException">The file cannot be read.</exception>
    public void Renew()
    {
        foreach (var reader in _all)
        {
            reader.Renew();
        }
    }

    /// <summary>Rows by their numbers; those that are not there are not in the result.</summary>
    /// <exception cref="FlowKitException">The file is damaged.</exception>
    public Dictionary<int, StoredRow> Read(IReadOnlyCollection<int> rows, bool withVectors) =>
        Use(reader => reader.Read(rows, withVectors));

    /// <summary>Every row that has one of the words, in any order, with a score of which more is better.</summary>
    /// <param name="query">The words as FTS5 reads them.</param>
    /// <param name="found">Takes each.</param>
    /// <exception cref="FlowKitException">The file is damaged.</exception>
    public void FindWords(string query, Action<int, float> found) => Use(reader =>
    {
        reader.FindWords(query, found);
        return 0;
    });

    public void Dispose() => Disposal.All([.. _all, _free]);

    private T Use<T>(Func<DocumentReader, T> use)
    {
        _free.Wait();
        try
        {
            _idle.TryTake(out var reader);
            try
            {
                return use(reader!);
            }
            finally
            {
                _idle.Add(reader!);
            }
        }
        finally
        {
            _free.Release();
        }
    }
}
