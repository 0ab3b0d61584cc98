using System.Globalization;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Words, and words beside vectors, as a flow answers them: in one index and above shards.</summary>
public sealed class WordFlowTests
{
    private const string One = "- { name: indexer, uses: VectorIndexer }";
    private const string Sharded =
        "- { name: indexer, uses: VectorIndexer, shards: 3, polling: { /index: hash, /search: all } }";

    private static readonly string[] Colours = ["red", "green", "blue"];
    private static readonly string[] Things = ["apple", "pear", "car", "bus", "house"];

    [Theory]
    [InlineData(One, "rrf", 0.5, 60, "cosine")]
    [InlineData(One, "rrf", 0.3, 1, "cosine")]
    [InlineData(One, "relative_score", 0.3, 60, "cosine")]
    [InlineData(Sharded, "rrf", 0.5, 60, "cosine")]
    [InlineData(Sharded, "rrf", 0.7, 10, "l2")]
    [InlineData(Sharded, "relative_score", 0.6, 60, "l2")]
    public async Task Both_lists_become_one_by_the_places_and_scores_that_they_have_above_all_shards(
        string executor, string fusion, double alpha, int rankConstant, string metric)
    {
        await using var flow = await TestFlow.StartAsync(executor.Replace("uses: VectorIndexer", $"uses: VectorIndexer, uses_with: {{metric: {metric}}}", StringComparison.Ordinal));
        await flow.SendAsync("/index", Documents(240));
        var query = new Func<Document>(() => Query("red apple or a bus"));
        var vectors = (await flow.SendAsync("/search", [query()], """{"limit": 50}"""))[0].Matches;
        var words = (await flow.SendAsync("/search", [query()], """{"limit": 50, "alpha": 0}"""))[0].Matches;
        var sign = metric == "l2" ? -1 : 1;
        var expected = Fuse(
            [.. vectors.Select(match => (match.Id, sign * (double)match.Scores[metric].Value))],
            [.. words.Select(match => (match.Id, (double)match.Scores["bm25"].Value))],
            fusion == "rrf",
            alpha,
            rankConstant);

        var parameters = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"limit": 40, "rank_window_size": 50, "fusion": "{{fusion}}", "alpha": {{alpha}}, "rank_constant": {{rankConstant}}}""");
        var found = (await flow.SendAsync("/search", [query()], parameters))[0];

        Assert.Equal(50, words.Count);
        Assert.Equal(expected.Take(40).Select(pair => pair.Id), found.Matches.Select(match => match.Id));
        Assert.All(found.Matches.Zip(expected), pair => Assert.Equal(pair.Second.Score, pair.First.Scores[fusion].Value, 1e-5));
        var both = vectors.Select(match => match.Id).Intersect(words.Select(match => match.Id)).Intersect(found.Matches.Select(match => match.Id)).ToList();
        Assert.NotEmpty(both);
        Assert.All(found.Matches.Where(match => both.Contains(match.Id)), match => Assert.True(match.Scores.ContainsKey(metric) && match.Scores.ContainsKey("bm25")));
        Assert.False(found.HasMetadata && found.Metadata.Count > 0);
    }

    [Theory]
    [InlineData(One)]
    [InlineData(Sharded)]
    public async Task Pages_of_words_and_vectors_make_one_list_without_a_repeat_or_a_gap(string executor)
    {
        await using var flow = await TestFlow.StartAsync(executor);
        await flow.SendAsync("/index", Documents(240));
        foreach (var rest in (string[])[""", "alpha": 0""", """, "rank_window_size": 1000, "filter": {"number": {"$lt": 200}}"""])
        {
            var whole = (await flow.SendAsync("/search", [Query("green house")], $$"""{"limit": 500{{rest}}}"""))[0].Matches.Select(match => match.Id).ToList();
            var paged = new List<string>();
            for (var offset = 0; offset < 260; offset += 20)
            {
                var page = (await flow.SendAsync("/search", [Query("green house")], $$"""{"limit": 20, "offset": {{offset}}{{rest}}}"""))[0];
                paged.AddRange(page.Matches.Select(match => match.Id));
            }

            Assert.InRange(whole.Count, 100, 240);
            Assert.Equal(whole, paged);
            Assert.Equal(whole.Count, whole.Distinct().Count());
        }
    }

    [Theory]
    [InlineData(One)]
    [InlineData(Sharded)]
    public async Task Words_alone_need_no_embedding_and_the_parameter_goes_before_the_text(string executor)
    {
        await using var flow = await TestFlow.StartAsync(executor);
        await flow.SendAsync("/index", Documents(60));

        var own = await flow.SendAsync("/search", [new Document("q") { Text = "\"RED\" NOT (apple" }, new Document("p") { Text = "bus" }, new Document("n")], """{"alpha": 0, "limit": 60}""");
        Assert.All(own[0].Matches, match => Assert.True(match.Text!.Contains("red", StringComparison.Ordinal) || match.Text.Contains("apple", StringComparison.Ordinal)));
        Assert.Equal(60 * 7 / 15, own[0].Matches.Count);
        Assert.Equal(12, own[1].Matches.Count);
        Assert.Equal("text: the document has none, and parameters.query names no words.", own[2].Error!.Message);
        var asked = await flow.SendAsync("/search", [new Document("q") { Text = "red" }], """{"alpha": "0", "query": "pear", "limit": 60, "score_threshold": 0.000001}""");
        Assert.All(asked[0].Matches, match => Assert.Contains("pear", match.Text, StringComparison.Ordinal));
        Assert.Equal(12, asked[0].Matches.Count);

        // Beside a vector a document without words is searched by its vector.
        var picture = (await flow.SendAsync("/search", [Doc("q", 1, 3)], """{"fusion": "rrf", "query": "!?"}"""))[0];
        Assert.Equal((await flow.SendAsync("/search", [Doc("q", 1, 3)]))[0].Matches.Select(match => match.Id), picture.Matches.Select(match => match.Id));
        Assert.Equal(0.5 / 61, picture.Matches[0].Scores["rrf"].Value, 1e-6);
        var cut = (await flow.SendAsync("/search", [Doc("q", 1, 3)], """{"query": "!?", "score_threshold": 0.0081}"""))[0];
        Assert.Single(cut.Matches);
        Assert.StartsWith("embedding: the document has none", (await flow.SendAsync("/search", [new Document("q") { Text = "red" }], """{"alpha": 0.5}"""))[0].Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"fusion": "max"}""", "parameters.fusion: 'max' is none; known are rrf and relative_score.")]
    [InlineData("""{"alpha": 1.5}""", "parameters.alpha: 1.5 is not a number from 0 to 1.")]
    [InlineData("""{"alpha": -0.1}""", "parameters.alpha: -0.1 is not a number from 0 to 1.")]
    [InlineData("""{"rank_constant": 0}""", "parameters.rank_constant: 0 is not a whole number")]
    [InlineData("""{"rank_window_size": 20000}""", "parameters.rank_window_size: 20000 is not a whole number")]
    [InlineData("""{"alpha": 0.5, "offset": 95}""", "parameters.rank_window_size: offset and limit reach to match 105, and 100 of each list")]
    [InlineData("""{"word": "red"}""", "parameters.word: it is read by no executor")]
    public async Task What_is_wrong_is_refused_by_name(string parameters, string expected)
    {
        await using var flow = await TestFlow.StartAsync(One);
        var error = (await flow.ReplyAsync("/search", [Query("red")], parameters)).Error!;
        Assert.Equal(FlowErrorCode.InvalidArgument, error.Code);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_without_words_refuses_them_by_name_and_fields_that_have_none_end_the_start()
    {
        await using var flow = await TestFlow.StartAsync("- { name: indexer, uses: VectorIndexer, uses_with: {text_fields: []} }");
        await flow.SendAsync("/index", Documents(5));
        Assert.StartsWith("parameters.query: this index does not find documents by words", (await flow.ReplyAsync("/search", [Query("red")], """{"query": "x"}""")).Error!.Message, StringComparison.Ordinal);
        Assert.StartsWith("parameters.alpha: this index does not find documents by words", (await flow.ReplyAsync("/search", [Query("red")], """{"alpha": 0}""")).Error!.Message, StringComparison.Ordinal);
        Assert.Equal(5, (await flow.SendAsync("/search", [Query("red")], """{"alpha": 1}"""))[0].Matches.Count);
        foreach (var (field, expected) in new[] { ("embedding", "text_fields[0]: 'embedding' has no words"), ("titel", "text_fields[0]: a document has no field 'titel'") })
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() => TestFlow.StartAsync($"- {{ name: indexer, uses: VectorIndexer, uses_with: {{text_fields: [{field}]}} }}"));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Both lists as one, computed in the plainest way.</summary>
    internal static List<(string Id, double Score)> Fuse(
        List<(string Id, double Score)> vectors, List<(string Id, double Score)> words, bool byPlace, double alpha, int rankConstant)
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (list, weight) in new[] { (vectors, alpha), (words, 1 - alpha) })
        {
            for (var i = 0; i < list.Count; i++)
            {
                var part = byPlace ? 1.0 / (rankConstant + i + 1) : (list[i].Score - list[^1].Score) / (list[0].Score - list[^1].Score);
                sums[list[i].Id] = sums.GetValueOrDefault(list[i].Id) + (weight * part);
            }
        }

        return [.. sums.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))];
    }

    private static Document Query(string text)
    {
        var document = Doc("q", 1, 30);
        document.Text = text;
        return document;
    }

    private static IEnumerable<Document> Documents(int count) => Enumerable.Range(0, count).Select(i =>
    {
        var document = Doc($"d{i:000}", 1, i);
        document.Text = string.Join(' ', Enumerable.Repeat(Colours[i % 3], 1 + (i % 4)).Append(Things[i % 5]));
        document.Tags["number"] = i;
        return document;
    });
}
