namespace FlowKit.Imaging.Uris;

/// <summary>
/// Reads regular files that lie in the configured roots, after links are followed; any other path is refused. The opened file is asked
/// where it lies, so that a link that is put there between looking and opening leads nowhere.
/// </summary>
internal sealed class RootedFiles(IReadOnlyList<string> roots, string baseDirectory, long maxBytes, TimeSpan timeout)
{
    private const int MaxLinks = 40;

    private readonly List<string> _roots = [.. roots.Select(root => WithSeparator(RealPath(Path.GetFullPath(root, baseDirectory))))];

    /// <exception cref="FlowKitException">
    /// The path is outside the roots, missing, no regular file or too large, or its disk does not answer.
    /// </exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string uri, CancellationToken cancellationToken)
    {
        var path = RealPath(ToPath(uri));
        if (!IsInRoots(path))
        {
            throw Outside(uri);
        }

        try
        {
            return await RegularFile.ReadWhereAsync(path, IsInRoots, maxBytes, timeout, cancellationToken) ?? throw Outside(uri);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw Explain(uri, path, exception);
        }
    }

    private bool IsInRoots(string path) => _roots.Exists(root => path.StartsWith(root, StringComparison.Ordinal));

    private FlowKitException Outside(string uri) => new(
        FlowErrorCode.PermissionDenied,
        $"uri: '{uri}' is outside the folders that may be read (uses_with.roots:"
            + $" {(_roots.Count == 0 ? "none" : string.Join(", ", roots))}).");

    private FlowKitException Explain(string uri, string path, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new(FlowErrorCode.NotFound, $"uri: the file '{uri}' does not exist.", exception),
        FileTooLargeException { Length: var length } => new(
            FlowErrorCode.PayloadTooLarge,
            $"uri: the file '{uri}' has {length} bytes; at most {maxBytes} are read (max_bytes).",
            exception),
        TimeoutException =>
            new(FlowErrorCode.DeadlineExceeded, $"uri: {Message(uri, path, exception)} (fetch_timeout).", exception),
        _ => new(FlowErrorCode.NotFound, $"uri: the file '{uri}' cannot be read: {Message(uri, path, exception)}.", exception),
    };

    /// <summary>Says what happened without the real path: the end of a link is not for the caller.</summary>
    private static string Message(string uri, string path, Exception exception) =>
        exception.Message.TrimEnd('.').Replace(path, uri, StringComparison.Ordinal);

    private string ToPath(string uri)
    {
        try
        {
            return uri.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
                ? Path.GetFullPath(new Uri(uri).LocalPath, baseDirectory)
                : Path.GetFullPath(uri, baseDirectory);
        }
        catch (Exception exception) when (exception is UriFormatException or ArgumentException)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"uri: '{uri}' is neither a path nor a URI.", exception);
        }
    }

    /// <summary>Follows every link of the path, and those of what a link names, since a link inside a root may lead out of it.</summary>
    private static string RealPath(string path) => RealPath(path, MaxLinks);

    private static string RealPath(string path, int links)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        foreach (var part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var folder = real;
            real = Path.Combine(folder, part);
            if (new FileInfo(real).LinkTarget is { } target)
            {
                real = links > 0
                    ? RealPath(Path.GetFullPath(target, folder), links - 1)
                    : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"uri: '{path}' leads through too many links.");
            }
        }

        return real;
    }

    private static string WithSeparator(string path) => Path.TrimEndingDirectorySeparator(path) + Path.DirectorySeparatorChar;
}
