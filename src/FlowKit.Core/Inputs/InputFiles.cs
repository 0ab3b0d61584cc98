using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.FileSystemGlobbing;

namespace FlowKit.Inputs;

/// <summary>Files named by globs, as documents.</summary>
public sealed class InputFiles
{
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
        var excludes = patterns.Where(pattern => pattern.StartsWith('!')).Select(pattern => pattern[1..]).ToList();
        var found = patterns.Where(pattern => !pattern.StartsWith('!')).SelectMany(pattern => FindOne(pattern, excludes, baseDirectory)).Distinct(StringComparer.Ordinal);
        return new InputFiles(baseDirectory, [.. found.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Reads the files one by one; a document's id is made from its path, so that the same file is always the same document.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<Document> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var path in Paths)
        {
            yield return new Document(IdOf(path))
            {
                Blob = await File.ReadAllBytesAsync(Path.Combine(_baseDirectory, path), cancellationToken),
                Uri = path,
                MimeType = MimeTypeOf(path),
            };
        }
    }

    /// <summary>Changes when a file is added, removed or changed.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Paths)
        {
            var file = new FileInfo(Path.Combine(_baseDirectory, path));
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string IdOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path))[..16]);

    private static List<string> FindOne(string pattern, List<string> excludes, string baseDirectory)
    {
        var wildcard = pattern.AsSpan().IndexOfAny('*', '?');
        if (wildcard < 0)
        {
            return [FindPath(pattern, baseDirectory)];
        }

        var slash = pattern.LastIndexOf('/', wildcard);
        var root = Path.GetFullPath(slash >= 0 ? pattern[..(slash + 1)] : ".", baseDirectory);
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern[(slash + 1)..]);
        matcher.AddExcludePatterns(excludes);
        var found = Directory.Exists(root) ? matcher.GetResultsInFullPath(root).Select(path => Relative(path, baseDirectory)).ToList() : [];
        return found.Count > 0 ? found : throw new FlowKitException(FlowErrorCode.NotFound, $"inputs: '{pattern}' matches no file under '{root}'.");
    }

    private static string FindPath(string path, string baseDirectory)
    {
        var full = Path.GetFullPath(path, baseDirectory);
        return File.Exists(full) ? Relative(full, baseDirectory) : throw new FlowKitException(FlowErrorCode.NotFound, $"inputs: the file '{full}' does not exist.");
    }

    private static string Relative(string full, string baseDirectory)
    {
        var relative = Path.GetRelativePath(baseDirectory, full).Replace('\\', '/');
        return relative.StartsWith("../", StringComparison.Ordinal) ? full : relative;
    }

    private static string? MimeTypeOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JPG" or ".JPEG" => "image/jpeg",
        ".PNG" => "image/png",
        ".WEBP" => "image/webp",
        ".GIF" => "image/gif",
        ".TIF" or ".TIFF" => "image/tiff",
        ".TXT" => "text/plain",
        _ => null,
    };
}
