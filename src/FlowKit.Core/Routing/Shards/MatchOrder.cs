namespace FlowKit.Routing.Shards;

/// <summary>By what matches of several shards are sorted.</summary>
/// <param name="Score">The score, or <see langword="null"/> to go by each match's place in its own list.</param>
/// <param name="Ascending">Whether less is better.</param>
internal readonly record struct MatchOrder(string? Score, bool Ascending)
{
    /// <summary>
    /// Finds the score that explains how the shards have sorted their lists, among those that every scored match has. In this order: a
    /// score whose meaning is known and by which all lists are sorted; any by which all lists are sorted in one direction; one whose
    /// meaning is known, though the lists are not sorted by it; <c>cosine</c> as DocArray writes it, a distance, when no list shows a
    /// direction.
    /// </summary>
    /// <param name="lists">The lists of all shards and documents, best first.</param>
    public static MatchOrder Find(IReadOnlyList<DocumentArray> lists)
    {
        (MatchOrder Order, int Rank) best = default;
        foreach (var (name, score) in SharedScores(lists))
        {
            if (Judge(name, score, lists) is var found && found.Rank > best.Rank)
            {
                best = found;
            }
        }

        return best.Order;
    }

    /// <summary>A match's score as something of which less is better; a match without it comes last.</summary>
    public float KeyOf(Document match)
    {
        if (
            Score is null
                || match.Error is not null
                || !match.HasScores
                || !match.Scores.TryGetValue(Score, out var score)
                || float.IsNaN(score.Value))
        {
            return float.PositiveInfinity;
        }

        if (Ascending)
        {
            return score.Value;
        }

        return -score.Value;
    }

    private static (MatchOrder Order, int Rank) Judge(string name, NamedScore score, IReadOnlyList<DocumentArray> lists)
    {
        var (rises, falls) = Trend(lists, name);
        var isSorted = rises > 0 != falls > 0;
        return ScoreMeanings.Of(name, score.OpName) switch
        {
            ScoreMeaning.Unknown when isSorted => (new MatchOrder(name, rises > 0), 3),
            ScoreMeaning.Unknown when name == ScoreMeanings.Cosine && rises == 0 && falls == 0 => (new MatchOrder(name, true), 1),
            ScoreMeaning.Unknown => default,
            var meaning =>
                (
                    new MatchOrder(name, meaning == ScoreMeaning.Distance),
                    isSorted && (meaning == ScoreMeaning.Distance) == (rises > 0) ? 4 : 2),
        };
    }

    private static List<KeyValuePair<string, NamedScore>> SharedScores(IReadOnlyList<DocumentArray> lists)
    {
        List<KeyValuePair<string, NamedScore>>? shared = null;
        foreach (var list in lists)
        {
            foreach (var match in list)
            {
                if (match.HasScores)
                {
                    shared ??= [.. match.Scores];
                    RemoveMissing(shared, match.Scores);
                }
            }
        }

        return shared ?? [];
    }

    private static void RemoveMissing(List<KeyValuePair<string, NamedScore>> shared, Dictionary<string, NamedScore> scores)
    {
        for (var i = shared.Count - 1; i >= 0; i--)
        {
            if (!scores.ContainsKey(shared[i].Key))
            {
                shared.RemoveAt(i);
            }
        }
    }

    private static (int Rises, int Falls) Trend(IReadOnlyList<DocumentArray> lists, string name)
    {
        var (rises, falls) = (0, 0);
        foreach (var list in lists)
        {
            var last = float.NaN;
            foreach (var match in list)
            {
                if (match.HasScores && match.Scores.TryGetValue(name, out var score))
                {
                    rises += score.Value > last ? 1 : 0;
                    falls += score.Value < last ? 1 : 0;
                    last = score.Value;
                }
            }
        }

        return (rises, falls);
    }
}
