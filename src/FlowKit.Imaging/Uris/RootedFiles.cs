namespace FlowKit.Imaging.Uris;

/// <summary>Reads files that lie in the configured roots, after links are followed; any other path is refused.</summary>
internal sealed class RootedFiles(IReadOnlyList<string> roots, string baseDirectory, long maxBytes)
{
    private const int MaxLinks = 40;

    private readonly List<string> _roots = [.. roots.Select(root => WithSeparator(RealPath(Path.GetFullPath(root, baseDirectory))))];

    /// <exception cref="FlowKitException">The path is outside the roots, missing or too large.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string uri, CancellationToken cancellationToken)
    {
        var path = RealPath(ToPath(uri));
        if (!_roots.Exists(root => path.StartsWith(root, StringComparison.Ordinal)))
        {
            throw new FlowKitException(
                FlowErrorCode.PermissionDenied,
                $"uri: '{uri}' is outside the folders that may be read (uses_with.roots:"
                + $" {(_roots.Count == 0 ? "none" : string.Join(", ", roots))}).");
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"uri: the file '{uri}' does not exist.");
        }

        if (file.Length > maxBytes)
        {
            throw new FlowKitException(
                FlowErrorCode.PayloadTooLarge,
                $"uri: the file '{uri}' has {file.Length} bytes; at most {maxBytes} are read (max_bytes).");
        }

        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"uri: the file '{uri}' cannot be read: {exception.Message}", exception);
        }
    }

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
