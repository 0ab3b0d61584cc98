namespace FlowKit;

/// <summary>
/// Writes files that are there whole or not at all: under another name first, then on the disk, then renamed. A full disk, a crash or a
/// kill leaves the file as it was. What is no regular file, such as <c>/dev/stdout</c>, is written as it is.
/// </summary>
public static class WholeFile
{
    private const string Unfinished = ".part";

    /// <summary>Writes bytes.</summary>
    /// <param name="path">The file; what it was is replaced, and its folder is made when it is not there.</param>
    /// <param name="bytes">What it becomes.</param>
    /// <exception cref="FlowKitException">It cannot be written; the error names it and says why.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes) => Write(path, bytes, mode: null);

    /// <summary>Writes bytes that nobody else may read.</summary>
    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte})"/>
    internal static void WritePrivately(string path, ReadOnlySpan<byte> bytes) =>
        Write(path, bytes, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode? mode)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (UnixFile.KindOf(path) is not null)
            {
                using var special = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                special.Write(bytes);
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var stream = Open(path, mode))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(path + Unfinished, path, overwrite: true);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw Fail(path, exception);
        }
    }

    /// <summary>Writes text as UTF-8.</summary>
    /// <param name="path">The file; what it was is replaced.</param>
    /// <param name="text">What it becomes.</param>
    /// <exception cref="FlowKitException">It cannot be written; the error names it and says why.</exception>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    private static FileStream Open(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return new FileStream(path + Unfinished, options);
    }

    private static FlowKitException Fail(string path, Exception exception)
    {
        try
        {
            File.Delete(path + Unfinished);
        }
        catch (Exception second) when (FileFailure.IsOfFiles(second))
        {
            // What is left has a name that nobody takes for the file.
        }

        return FileFailure.OfWriting($"'{path}'", exception);
    }
}
