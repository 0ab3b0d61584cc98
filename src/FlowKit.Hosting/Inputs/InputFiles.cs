using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Hosting.Inputs;

/// <summary>Files named by globs, as documents.</summary>
public sealed class InputFiles
{
    private static readonly FrozenDictionary<string, string> s_mimeTypes = new Dictionary<string, string>
    {
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".png"] = "image/png",
        [".webp"] = "image/webp",
        [".gif"] = "image/gif",
        [".tif"] = "image/tiff",
        [".tiff"] = "image/tiff",
        [".bmp"] = "image/bmp",
        [".tga"] = "image/x-tga",
        [".pbm"] = "image/x-portable-anymap",
        [".pgm"] = "image/x-portable-anymap",
        [".ppm"] = "image/x-portable-anymap",
        [".pnm"] = "image/x-portable-anymap",
        [".txt"] = "text/plain",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly string _baseDirectory;

    private InputFiles(string baseDirectory, IReadOnlyList<string> paths)
    {
        _baseDirectory = baseDirectory;
        Paths = paths;
    }

    /// <summary>The files, relative to the base directory where they lie in it, sorted.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Finds files.</summary>
    /// <param name="patterns">Paths or globs such as <c>photos/**/*.jpg</c>; one that begins with <c>!</c> excludes.</param>
    /// <param name="baseDirectory">Where relative patterns start.</param>
    /// <exception cref="FlowKitException">A path without wildcard does not exist, or a pattern finds nothing.</exception>
    public static InputFiles Find(IReadOnlyList<string> patterns, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        var excludes = patterns.Where(pattern => pattern.StartsWith('!'))
            .SelectMany(pattern => InputPattern.Alternatives(pattern[1..]))
            .Select(pattern => new InputPattern(pattern, baseDirectory))
            .ToList();
        var found = patterns.Where(pattern => !pattern.StartsWith('!')).SelectMany(pattern => FindAny(pattern, baseDirectory, excludes));
        return new InputFiles(
            baseDirectory,
            [.. found.Distinct(StringComparer.Ordinal).Select(path => Relative(path, baseDirectory)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>
    /// Reads the files one by one; a document's id is made from its path, so that the same file is always the same document.
    /// </summary>
    /// <param name="unreadable">
    /// Is told of each file that cannot be read, which is left out; without it the first one ends the reading.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FlowKitException">A file cannot be read, and nobody is told.</exception>
    public async IAsyncEnumerable<Document> ReadAsync(
        Action<FlowKitException>? unreadable = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var path in Paths)
        {
            byte[] bytes;
            try
            {
                bytes = await ReadBytesAsync(path, cancellationToken);
            }
            catch (FlowKitException exception) when (unreadable is not null)
            {
                unreadable(exception);
                continue;
            }

            yield return new Document(NewId.Of(path)) { Blob = bytes, Uri = path, MimeType = MimeTypeOf(path) };
        }
    }

    /// <summary>Changes when a file is added, removed or changed.</summary>
    /// <exception cref="FlowKitException">A file has vanished since it was found.</exception>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Paths)
        {
            var file = new FileInfo(Path.Combine(_baseDirectory, path));
            if (!file.Exists)
            {
                throw new FlowKitException(FlowErrorCode.NotFound, $"inputs: the file '{file.FullName}' has vanished.");
            }

            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<byte[]> ReadBytesAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await RegularFile.ReadAsync(Path.Combine(_baseDirectory, path), cancellationToken);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"inputs: the file '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Of the alternatives of one pattern some may find nothing; a file whose own name has braces is found by it.</summary>
    private static List<string> FindAny(string pattern, string baseDirectory, List<InputPattern> excludes)
    {
        string[] alternatives = [.. InputPattern.Alternatives(pattern)];
        if (alternatives.Length == 1 || File.Exists(Path.GetFullPath(pattern, baseDirectory)))
        {
            return FindOne(new InputPattern(pattern, baseDirectory), excludes);
        }

        var isGlob = pattern.AsSpan().IndexOfAny('*', '?') >= 0;
        var found = alternatives.SelectMany(each => isGlob
            ? new InputPattern(each, baseDirectory).Find().Where(path => !excludes.Exists(exclude => exclude.Covers(path)))
            : FindOne(new InputPattern(each, baseDirectory), excludes)).ToList();
        return found.Count > 0 ? found : FindOne(new InputPattern(pattern, baseDirectory), excludes);
    }

    private static List<string> FindOne(InputPattern pattern, List<InputPattern> excludes)
    {
        var found = pattern.Find().Where(path => !excludes.Exists(exclude => exclude.Covers(path))).ToList();
        return found.Count > 0
            ? found
            : throw new FlowKitException(
                FlowErrorCode.NotFound, $"inputs: {pattern}{(excludes.Count > 0 ? " that is not excluded" : "")}.");
    }

    private static string Relative(string full, string baseDirectory)
    {
        var relative = Path.GetRelativePath(baseDirectory, full).Replace('\\', '/');
        return relative.StartsWith("../", StringComparison.Ordinal) ? full : relative;
    }

    private static string? MimeTypeOf(string path) => s_mimeTypes.GetValueOrDefault(Path.GetExtension(path));
}
