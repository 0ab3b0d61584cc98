namespace FlowKit;

/// <summary>
/// The fusion of two ranked lists, that of the vectors and that of the words. A match is in a list when it has the list's score.
/// Reciprocal rank fusion is that of Cormack, Clarke and Büttcher (https://doi.org/10.1145/1571941.1572114) with a weight for each list.
/// </summary>
/// <param name="Kind">The way.</param>
/// <param name="Alpha">The weight of the vectors, from 0 to 1; the words have the rest.</param>
/// <param name="RankConstant">The number that is added to every place, so that the first places count less than all others.</param>
/// <param name="Window">The number of matches of each list that count.</param>
/// <param name="VectorScore">The name of the vectors' score.</param>
/// <param name="IsDistance">Whether less of the vectors' score is better.</param>
/// <param name="WordScore">The name of the words' score, of which more is better.</param>
/// <param name="Threshold">The least score of the result that a match may have; <see langword="null"/> for any.</param>
internal sealed record RankFusion(
    RankFusionKind Kind,
    double Alpha,
    int RankConstant,
    int Window,
    string VectorScore,
    bool IsDistance,
    string WordScore,
    double? Threshold)
{
    /// <summary>The name of the score that the result is sorted by.</summary>
    public string ScoreName => Kind == RankFusionKind.Rrf ? "rrf" : "relative_score";

    /// <summary>The best matches first, each with the new score beside those that it has; equal ones by their ids.</summary>
    /// <param name="matches">The matches of both lists in any order, each id once.</param>
    /// <param name="queryId">The id of the query.</param>
    public List<Document> Fuse(IEnumerable<Document> matches, string queryId)
    {
        var sums = new Dictionary<Document, double>(ReferenceEqualityComparer.Instance);
        List<Document> all = [.. matches];
        AddList(sums, all, VectorScore, IsDistance ? -1 : 1, Alpha);
        AddList(sums, all, WordScore, 1, 1 - Alpha);
        List<Document> fused =
        [
            .. sums.Where(pair => !(pair.Value < Threshold)).OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key.Id, StringComparer.Ordinal).Select(pair => pair.Key),
        ];
        fused.ForEach(match => match.Scores[ScoreName] = new NamedScore((float)sums[match], "similarity", RefId: queryId));
        return fused;
    }

    private void AddList(Dictionary<Document, double> sums, List<Document> matches, string name, int sign, double weight)
    {
        List<(Document Match, double Score)> list =
        [
            .. matches.Where(match => match.HasScores && match.Scores.ContainsKey(name))
                .Select(match => (Match: match, Score: sign * (double)match.Scores[name].Value))
                .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Match.Id, StringComparer.Ordinal).Take(Window),
        ];
        for (var i = 0; i < list.Count; i++)
        {
            var (match, score) = list[i];
            var part = Kind == RankFusionKind.Rrf ? 1.0 / (RankConstant + i + 1) : Scale(score, list[^1].Score, list[0].Score);
            sums[match] = sums.GetValueOrDefault(match) + (weight * part);
        }
    }

    private static double Scale(double score, double least, double most) => most > least ? (score - least) / (most - least) : 1;
}
