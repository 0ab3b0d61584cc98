namespace FlowKit;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    private const int MaxLength = 64;

    /// <summary>The known name with the fewest edits, when they are few for its length; otherwise <see langword="null"/>.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return null;
        }

        var limit = Math.Clamp(name.Length / 3, 1, 3);
        var given = name.ToLowerInvariant();
        var (nearest, edits) = known
            .Where(candidate => Math.Abs(candidate.Length - name.Length) <= limit)
            .Select(candidate => (Name: candidate, Edits: Edits(given, candidate.ToLowerInvariant())))
            .Where(pair => pair.Edits <= limit)
            .OrderBy(pair => pair.Edits)
            .ThenBy(pair => IsPlural(given, pair.Name) ? 0 : 1)
            .ThenBy(pair => SharesStart(given, pair.Name) ? 0 : 1)
            .ThenBy(pair => Math.Abs(pair.Name.Length - given.Length))
            .ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .FirstOrDefault((string.Empty, int.MaxValue));
        return edits == int.MaxValue ? null : nearest;
    }

    /// <summary><c>; did you mean 'x'?</c>, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> known) =>
        Find(name, known) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    /// <summary>Jina's keys are plural where one would say one: <c>uses</c>, <c>replicas</c>.</summary>
    private static bool IsPlural(string given, string candidate) =>
        candidate.Length == given.Length + 1 && candidate.StartsWith(given, StringComparison.OrdinalIgnoreCase) && candidate[^1] is 's';

    private static bool SharesStart(string given, string candidate) =>
        candidate.StartsWith(given, StringComparison.OrdinalIgnoreCase) || given.StartsWith(candidate, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The optimal string alignment distance: a letter more, a letter less, another letter, or two neighbours swapped count one each.
    /// </summary>
    private static int Edits(string from, string to)
    {
        var distance = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                distance[i, j] = i == 0 || j == 0 ? i + j : Step(i, j);
            }
        }

        return distance[from.Length, to.Length];

        int Step(int i, int j)
        {
            var substituted = distance[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            var edits = Math.Min(substituted, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
            return i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]
                ? Math.Min(edits, distance[i - 2, j - 2] + 1)
                : edits;
        }
    }
}
