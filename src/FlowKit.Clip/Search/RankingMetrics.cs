namespace FlowKit.Clip.Search;

/// <summary>Measures of rankings, each a mean over the queries, 0 to 1. Queries without anything relevant do not count.</summary>
public static class RankingMetrics
{
    /// <summary>The share of the relevant that is among the first <paramref name="k"/>.</summary>
    /// <param name="ranked">For each query the ids it was answered with, best first.</param>
    /// <param name="relevant">For each query the ids that are right.</param>
    /// <param name="k">The number of first answers that count.</param>
    public static double Recall<T>(IReadOnlyList<IReadOnlyList<T>> ranked, IReadOnlyList<IReadOnlySet<T>> relevant, int k) =>
        Mean(ranked, relevant, k, (answer, right) => (double)Hits(answer, right, k) / right.Count);

    /// <summary>The share of the first <paramref name="k"/> that is relevant.</summary>
    /// <param name="ranked">For each query the ids it was answered with, best first.</param>
    /// <param name="relevant">For each query the ids that are right.</param>
    /// <param name="k">The number of first answers that count.</param>
    public static double Precision<T>(IReadOnlyList<IReadOnlyList<T>> ranked, IReadOnlyList<IReadOnlySet<T>> relevant, int k) =>
        Mean(ranked, relevant, k, (answer, right) => (double)Hits(answer, right, k) / k);

    /// <summary>
    /// The mean reciprocal rank: one over the place of the first relevant, 0 when it is not among the first <paramref name="k"/>.
    /// </summary>
    /// <param name="ranked">For each query the ids it was answered with, best first.</param>
    /// <param name="relevant">For each query the ids that are right.</param>
    /// <param name="k">The number of first answers that count.</param>
    public static double Mrr<T>(IReadOnlyList<IReadOnlyList<T>> ranked, IReadOnlyList<IReadOnlySet<T>> relevant, int k) =>
        Mean(ranked, relevant, k, (answer, right) =>
        {
            for (var place = 0; place < Math.Min(k, answer.Count); place++)
            {
                if (right.Contains(answer[place]))
                {
                    return 1.0 / (place + 1);
                }
            }

            return 0;
        });

    /// <summary>
    /// The normalised discounted cumulative gain: what is relevant counts 1 / log2(place + 1), against the best order there could be.
    /// </summary>
    /// <param name="ranked">For each query the ids it was answered with, best first.</param>
    /// <param name="relevant">For each query the ids that are right.</param>
    /// <param name="k">The number of first answers that count.</param>
    public static double Ndcg<T>(IReadOnlyList<IReadOnlyList<T>> ranked, IReadOnlyList<IReadOnlySet<T>> relevant, int k) =>
        Mean(ranked, relevant, k, (answer, right) =>
        {
            var hits = Enumerable.Range(0, Math.Min(k, answer.Count)).Where(place => right.Contains(answer[place]));
            return Gain(hits) / Gain(Enumerable.Range(0, Math.Min(k, right.Count)));
        });

    private static double Gain(IEnumerable<int> places) => places.Sum(place => 1 / Math.Log2(place + 2));

    private static int Hits<T>(IReadOnlyList<T> answer, IReadOnlySet<T> right, int k) => answer.Take(k).Distinct().Count(right.Contains);

    private static double Mean<T>(
        IReadOnlyList<IReadOnlyList<T>> ranked,
        IReadOnlyList<IReadOnlySet<T>> relevant,
        int k,
        Func<IReadOnlyList<T>, IReadOnlySet<T>, double> score)
    {
        ArgumentNullException.ThrowIfNull(ranked);
        ArgumentNullException.ThrowIfNull(relevant);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (ranked.Count != relevant.Count)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"{ranked.Count} answers and {relevant.Count} sets of what is relevant do not belong together.");
        }

        var scores = ranked.Zip(relevant).Where(pair => pair.Second.Count > 0).Select(pair => score(pair.First, pair.Second)).ToList();
        return scores.Count == 0 ? 0 : scores.Average();
    }
}
