namespace FlowKit.Executors.Storage;

/// <summary>Finds out why a folder cannot be written.</summary>
internal static class DiskProbe
{
    private const int Size = 64 * 1024;

    /// <summary>Writes some bytes into a folder, and removes them.</summary>
    /// <exception cref="FlowKitException">It cannot; the error says why.</exception>
    public static void Write(string folder)
    {
        var path = Path.Combine(folder, "index.probe");
        try
        {
            using var stream = new FileStream(
                path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            stream.Write(new byte[Size]);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw FileFailure.OfWriting($"a file in '{folder}'", exception);
        }
    }
}
