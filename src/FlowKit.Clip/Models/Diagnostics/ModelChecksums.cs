using System.Security.Cryptography;

namespace FlowKit.Clip.Models.Diagnostics;

/// <summary>Compares a model's files with the SHA-256 that its card keeps for them.</summary>
public static class ModelChecksums
{
    /// <summary>Checks every file that the card has a checksum for.</summary>
    /// <param name="folder">The model.</param>
    /// <returns>One finding for each file; one that says so where there are no checksums.</returns>
    public static IReadOnlyList<ClipFinding> Check(ClipModelFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var sums = folder.Card.Checksums
            .Concat(
                folder.Card.Files
                    .All()
                    .Where(static file => file.Sha256 is not null)
                    .Select(static file => KeyValuePair.Create(file.Path, file.Sha256!)))
            .DistinctBy(static sum => sum.Key)
            .ToList();
        return sums.Count == 0
            ? [new ClipFinding("checksums", ClipFindingState.Unsure, "the card has none; `flowkit models add` stores them")]
            : [.. sums.Select(sum => Check(folder.FullPath, sum.Key, sum.Value))];
    }

    /// <summary>The SHA-256 of a file, in hexadecimal.</summary>
    internal static string Of(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static ClipFinding Check(string folder, string name, string expected)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return new ClipFinding(name, ClipFindingState.Wrong, $"the file is missing: {path}");
        }

        var actual = Of(path);
        return actual.Equals(expected, StringComparison.OrdinalIgnoreCase)
            ? new ClipFinding(name, ClipFindingState.Ok, $"SHA-256 {actual[..12]}…")
            : new ClipFinding(name, ClipFindingState.Wrong, $"SHA-256 {actual}; the card says {expected}: pull it again");
    }
}
