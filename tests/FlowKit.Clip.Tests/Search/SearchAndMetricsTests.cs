using FlowKit.Clip.Search;

namespace FlowKit.Clip.Tests;

public sealed class SearchAndMetricsTests
{
    private static readonly string[][] s_ranked = [["a", "b", "c"], ["c", "b", "a"], ["x"]];
    private static readonly HashSet<string>[] s_relevant = [["a"], ["a", "b"], []];

    [Fact]
    public void A_search_agrees_with_sorting_everything()
    {
        var random = new Random(7);
        var queries = Vectors(5);
        var responses = Vectors(200);

        foreach (var similarity in Enum.GetValues<SimilarityType>())
        {
            var found = SemanticSearch.Find(queries, responses, 10, similarity);
            for (var q = 0; q < queries.Length; q++)
            {
                var scores = responses.Select(response => similarity == SimilarityType.Cosine ? ClipScoring.Cosine(queries[q], response) : queries[q].Zip(response, (left, right) => left * right).Sum()).ToArray();
                Assert.Equal(Enumerable.Range(0, 200).OrderByDescending(i => scores[i]).Take(10), found[q].Select(match => match.ResponseId));
            }
        }

        float[][] Vectors(int count) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 16).Select(_ => (float)random.NextDouble() - 0.5f).ToArray())];
    }

    [Fact]
    public void Equal_scores_keep_the_order_of_the_responses_and_few_responses_are_all_there_are() =>
        Assert.Equal([1, 3, 0, 2], SemanticSearch.Find([[1f, 0f]], [[0f, 1f], [1f, 0f], [0f, 2f], [2f, 0f]], 10)[0].Select(match => match.ResponseId));

    [Fact]
    public void Other_dimensions_are_refused() =>
        Assert.Contains("come from different models", Assert.Throws<FlowKitException>(() => SemanticSearch.Find([[1f]], [[1f, 2f]])).Message, StringComparison.Ordinal);

    [Fact]
    public void Metrics_are_those_of_the_books()
    {
        Assert.Equal((1 + 0.5) / 2, RankingMetrics.Recall(s_ranked, s_relevant, 2), 6);
        Assert.Equal((0.5 + 0.5) / 2, RankingMetrics.Precision(s_ranked, s_relevant, 2), 6);
        Assert.Equal((1 + 0.5) / 2, RankingMetrics.Mrr(s_ranked, s_relevant, 3), 6);
        var ideal = 1 + (1 / Math.Log2(3));
        Assert.Equal((1 + (((1 / Math.Log2(3)) + (1 / Math.Log2(4))) / ideal)) / 2, RankingMetrics.Ndcg(s_ranked, s_relevant, 3), 6);
    }

    [Fact]
    public void Nothing_relevant_counts_for_nothing() => Assert.Equal(0, RankingMetrics.Recall<string>([["a"]], [new HashSet<string>()], 1));
}
