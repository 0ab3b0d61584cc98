namespace FlowKit.Executors.Storage;

/// <summary>
/// The lock on an index's folder: one process writes there. A folder that cannot be written may be read by many, while nobody writes.
/// </summary>
internal sealed class IndexLock : IDisposable
{
    private const string FileName = "index.lock";

    private readonly FileStream? _file;

    private IndexLock(FileStream? file, FlowKitException? refusal) => (_file, Refusal) = (file, refusal);

    /// <summary>The reason that the folder can only be read; <see langword="null"/> when it can be written.</summary>
    public FlowKitException? Refusal { get; }

    /// <summary>Takes the lock for writing, or for reading where the folder has an index and cannot be written.</summary>
    /// <exception cref="FlowKitException">Another process has it, or there is nothing that could be read.</exception>
    public static IndexLock Take(string folder, bool hasIndex)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return new IndexLock(Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), refusal: null);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            if (!hasIndex || FileFailure.IsLocked(exception))
            {
                throw Refuse(folder, exception);
            }

            // Without the file nobody can have taken the lock, and in a folder that cannot be written nobody will.
            return new IndexLock(
                File.Exists(path) ? Share(folder, path) : null, FileFailure.OfWriting($"The index in '{folder}'", exception));
        }
    }

    public void Dispose() => _file?.Dispose();

    private static FileStream Share(string folder, string path)
    {
        try
        {
            return Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw Refuse(folder, exception);
        }
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share) =>
        PrivateFile.Open(path, mode, access, share);

    private static FlowKitException Refuse(string folder, Exception exception) => new(
        FlowErrorCode.FailedPrecondition,
        $"The index in '{folder}' cannot be opened for writing:"
        + $" another process has it open, or the folder is not writable ({exception.Message})",
        exception);
}
