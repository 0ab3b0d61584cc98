using System.Text.RegularExpressions;

namespace FlowKit.Orchestration.Images;

/// <summary>
/// Knows the files that belong in no image, whose layers everybody reads who may pull it: by their names, by a private key in them, and by
/// what flow files beside them name.
/// </summary>
internal sealed partial class ImageSecrets
{
    private const int MaxKeyBytes = 64 << 10;
    private const int MaxFlowBytes = 1 << 20;

    private static readonly string[] s_extensions = [".key", ".pfx", ".p12", ".keystore", ".jks"];
    private static readonly string[] s_samples = [".env.example", ".env.sample", ".env.template"];

    private static readonly EnumerationOptions s_everywhere = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly HashSet<string> _named;

    private ImageSecrets(HashSet<string> named) => _named = named;

    /// <summary>Looks which files the flows in a folder, and in those below it, name.</summary>
    public static ImageSecrets Of(string folder) => new(
        Directory.EnumerateFiles(folder, "*", s_everywhere)
            .Where(file => Path.GetExtension(file) is ".yml" or ".yaml" && UnixFile.KindOf(file) is null && IsAtMost(file, MaxFlowBytes))
            .SelectMany(NamedBy)
            .ToHashSet(StringComparer.Ordinal));

    /// <summary>Says why a file belongs in no image; <see langword="null"/> for one that may be there.</summary>
    public string? ReasonFor(string file)
    {
        var name = Path.GetFileName(file);
        if (_named.Contains(file))
        {
            return "a flow names it as a secret";
        }

        if (name == ".env" || (name.StartsWith(".env.", StringComparison.Ordinal) && !s_samples.Contains(name)))
        {
            return "it holds variables that may be secret";
        }

        return s_extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) || HoldsPrivateKey(file)
            ? "it is a private key"
            : null;
    }

    private static IEnumerable<string> NamedBy(string flow) => NamedSecret().Matches(File.ReadAllText(flow))
        .Select(match => Path.GetFullPath(match.Groups["file"].Value.Trim(), Path.GetDirectoryName(flow)!));

    private static bool HoldsPrivateKey(string file) => IsAtMost(file, MaxKeyBytes) && PrivateKey().IsMatch(File.ReadAllText(file));

    private static bool IsAtMost(string file, int bytes) => new FileInfo(file) is { Exists: true } facts && facts.Length <= bytes;

    /// <summary>By its text alone, so that a flow with mistakes, or in another Jina's words, names its secrets too.</summary>
    [GeneratedRegex("""(?:^|[\s{,])["']?(?:ssl_keyfile|api_keys_file)["']?\s*:\s*["']?(?<file>[^"'#,}\r\n]+)""", RegexOptions.Multiline)]
    private static partial Regex NamedSecret();

    [GeneratedRegex("^-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----", RegexOptions.Multiline)]
    private static partial Regex PrivateKey();
}
