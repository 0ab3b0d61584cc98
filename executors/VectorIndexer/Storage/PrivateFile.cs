namespace FlowKit.Executors.Storage;

/// <summary>
/// Files that nobody but their owner may read, whatever the umask. SQLite gives the mode of a database to the files that it keeps beside
/// it.
/// </summary>
internal static class PrivateFile
{
    /// <summary>Makes an empty file where there is none; one that is there keeps its mode, which its owner may have chosen.</summary>
    public static void Ensure(string path)
    {
        try
        {
            using var file = Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            // It is there, or SQLite says better why it cannot be made.
        }
    }

    /// <summary>Opens a file without a buffer.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 1 };
        if (!OperatingSystem.IsWindows() && mode is FileMode.OpenOrCreate or FileMode.CreateNew)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
