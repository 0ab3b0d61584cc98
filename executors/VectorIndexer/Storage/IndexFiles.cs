namespace FlowKit.Executors.Storage;

/// <summary>
/// The open files of an index: the lock, the connection that writes and the one that reads. Where the folder cannot be written, now or
/// ever, they are open for reading.
/// </summary>
internal sealed class IndexFiles : IDisposable
{
    /// <summary>The name of the database in the folder.</summary>
    public const string DatabaseName = "index.db";

    private IndexLock? _lock;

    private IndexFiles(IndexLock @lock, SqliteTable table, DocumentReaders documents, FlowKitException? refusal)
    {
        _lock = @lock;
        Table = table;
        Documents = documents;
        Refusal = refusal;
    }

    /// <summary>The connection that writes.</summary>
    public SqliteTable Table { get; }

    /// <summary>The connections that read found documents.</summary>
    public DocumentReaders Documents { get; }

    /// <summary>The reason that nothing can be written; <see langword="null"/> when the index is open for writing.</summary>
    public FlowKitException? Refusal { get; }

    /// <summary>Opens the index of a folder for writing, and one that is there at least for reading.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wordFields">The fields whose words are searched; <see langword="null"/> for those that the file has.</param>
    /// <exception cref="FlowKitException">Another process has it, it is damaged, or it can be neither written nor read.</exception>
    public static IndexFiles Open(string folder, IReadOnlyList<string>? wordFields)
    {
        var path = Path.Combine(folder, DatabaseName);
        var hasIndex = File.Exists(path);
        var owner = IndexLock.Take(folder, hasIndex);
        try
        {
            if (owner.Refusal is null)
            {
                try
                {
                    return Open(owner, path, SqliteAccess.ReadWrite, wordFields, refusal: null);
                }
                catch (FlowKitException exception) when (hasIndex && SqliteFailure.IsOfWriting(exception))
                {
                    return OpenToRead(owner, path, wordFields, exception);
                }
            }

            return OpenToRead(owner, path, wordFields, owner.Refusal);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Opens the same folder for writing; until that succeeds, this one stays open for reading.</summary>
    /// <exception cref="FlowKitException">It cannot be written still.</exception>
    public IndexFiles OpenForWriting(string folder, IReadOnlyList<string>? wordFields)
    {
        _lock?.Dispose();
        _lock = null;
        try
        {
            var files = Open(folder, wordFields);
            if (files.Refusal is { } refusal)
            {
                files.Dispose();
                throw refusal;
            }

            return files;
        }
        catch
        {
            LockAgain(folder);
            throw;
        }
    }

    /// <summary>Closes everything, whatever one of them throws: the lock must be free for the next.</summary>
    public void Dispose() => Disposal.All(Documents, Table, _lock);

    private void LockAgain(string folder)
    {
        try
        {
            _lock = IndexLock.Take(folder, hasIndex: true);
        }
        catch (FlowKitException)
        {
            // Another process writes now; what is open here is of the state before.
        }
    }

    /// <exception cref="FlowKitException">It cannot be read either.</exception>
    private static IndexFiles OpenToRead(
        IndexLock owner, string path, IReadOnlyList<string>? wordFields, FlowKitException refusal)
    {
        try
        {
            return Open(owner, path, SqliteAccess.Read, wordFields, refusal);
        }
        catch (FlowKitException exception) when (exception.Error.Code != FlowErrorCode.DataLoss)
        {
            throw new FlowKitException(
                refusal.Error with { Message = $"{refusal.Message}; nor can it be read: {exception.Message}" }, refusal);
        }
    }

    private static IndexFiles Open(
        IndexLock owner, string path, SqliteAccess access, IReadOnlyList<string>? wordFields, FlowKitException? refusal)
    {
        var table = SqliteTable.Open(path, access, wordFields);
        DocumentReaders? documents = null;
        try
        {
            documents = DocumentReaders.Open(path, access);
            return new IndexFiles(owner, table, documents, refusal);
        }
        catch
        {
            Disposal.All(documents, table);
            throw;
        }
    }
}
