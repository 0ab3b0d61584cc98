using System.Text.Json.Nodes;

namespace FlowKit.Routing.Shards;

public sealed class ShardReducerTests
{
    [Theory]
    [InlineData("cosine", "cosine", false)]
    [InlineData("cosine_similarity", null, false)]
    [InlineData("euclidean", null, true)]
    [InlineData("cosine_distance", null, true)]
    public void A_score_whose_name_says_it_is_sorted_in_its_direction(string name, string? operation, bool ascending)
    {
        var result = Reduce([Query(name, operation, ("a", 3))], [Query(name, operation, ("b", 1))], [Query(name, operation, ("c", 2))], limit: 3);

        Assert.Equal(ascending ? ["b", "c", "a"] : ["a", "c", "b"], Ids(result));
    }

    [Theory]
    [InlineData("cosine")]
    [InlineData("score")]
    public void A_score_whose_name_does_not_say_it_is_sorted_as_the_shards_sorted(string name)
    {
        Assert.Equal(["a", "c", "b", "d"], Ids(Reduce([Query(name, null, ("a", 4), ("b", 2))], [Query(name, null, ("c", 3), ("d", 1))], limit: 4)));
        Assert.Equal(["d", "b", "c", "a"], Ids(Reduce([Query(name, null, ("b", 2), ("a", 4))], [Query(name, null, ("d", 1), ("c", 3))], limit: 4)));
    }

    [Fact]
    public void One_document_tells_the_direction_for_all()
    {
        DocumentArray left = [Query("score", null, ("a", 1)), Query("score", null, ("x", 1), ("y", 2))];
        DocumentArray right = [Query("score", null, ("b", 0.5f)), Query("score", null, ("z", 1.5f))];
        (left[1].Id, right[1].Id) = ("other", "other");

        var result = ShardReducer.Reduce([left, right], 2);

        Assert.Equal(["b", "a"], result[0].Matches.Select(match => match.Id));
        Assert.Equal(["x", "z"], result[1].Matches.Select(match => match.Id));
    }

    [Fact]
    public void A_cosine_that_shows_no_direction_is_DocArrays_distance()
    {
        Assert.Equal(["b", "a"], Ids(Reduce([Query("cosine", null, ("a", 0.9f))], [Query("cosine", null, ("b", 0.1f))], limit: 2)));
    }

    [Fact]
    public void Lists_that_no_score_explains_are_interleaved()
    {
        Assert.Equal(["a", "x", "b", "y", "c"], Ids(Reduce([Query("score", null, ("a", 1), ("b", 3), ("c", 2))], [Query("score", null, ("x", 5), ("y", 1))], limit: 9)));
        Assert.Equal(["a", "x", "b"], Ids(Reduce([Unscored("a", "b")], [Unscored("x", "a")], limit: 3)));
    }

    [Fact]
    public void The_score_that_the_lists_are_sorted_by_wins_over_one_left_from_before()
    {
        var left = Query("cosine", "cosine", ("a", 0.1f), ("b", 0.9f), ("c", 0.5f));
        var right = Query("cosine", "cosine", ("x", 0.8f), ("y", 0.95f), ("z", 0.2f));
        foreach (var (match, value) in left.Matches.Concat(right.Matches).Zip([9f, 5f, 1f, 8f, 4f, 2f]))
        {
            match.Scores["rerank"] = new NamedScore(value);
        }

        Assert.Equal(["a", "x", "b", "y", "z", "c"], Ids(Reduce([left], [right], limit: 6)));
    }

    [Fact]
    public void Without_a_limit_as_many_stay_as_the_longest_list_has()
    {
        Assert.Equal(["a", "x", "b"], Ids(Reduce([Query("cosine", "cosine", ("a", 9), ("b", 7), ("c", 5))], [Query("cosine", "cosine", ("x", 8), ("y", 6))], limit: null)));
    }

    [Theory]
    [InlineData("""{"limit": 2}""", 2)]
    [InlineData("""{"limit": 2.0, "top_k": 3}""", 2)]
    [InlineData("""{"top_k": "3"}""", 3)]
    [InlineData("""{"limit": null}""", null)]
    [InlineData("""{"limit": 0}""", null)]
    [InlineData("""{"limit": "all"}""", null)]
    [InlineData("""{"limit": [1]}""", null)]
    [InlineData("{}", null)]
    public void The_limit_is_the_requests(string parameters, int? expected)
    {
        Assert.Equal(expected, ShardReducer.ReadLimit(new Parameters(JsonNode.Parse(parameters)!.AsObject())));
    }

    [Fact]
    public void A_match_of_several_shards_is_one_with_its_best_score_and_what_the_others_know()
    {
        var left = Query("cosine", "cosine", ("a", 0.9f), ("b", 0.2f));
        var right = Query("cosine", "cosine", ("b", 0.8f), ("c", 0.1f));
        left.Matches[1].Uri = "known.png";
        right.Matches[0].Text = "best";

        var result = Reduce([left], [right], limit: 3);

        Assert.Equal(["a", "b", "c"], Ids(result));
        Assert.Equal((0.8f, "best", "known.png"), (result.Matches[1].Scores["cosine"].Value, result.Matches[1].Text, result.Matches[1].Uri));
    }

    [Fact]
    public void Matches_that_failed_or_have_no_score_come_last()
    {
        var left = Query("cosine", "cosine", ("a", 0.9f), ("bad", 0.8f));
        left.Matches[1].Fail(FlowErrorCode.DataLoss, "bad");
        var right = Query("cosine", "cosine", ("b", 0.1f));
        right.Matches.Add(new Document("none"));

        Assert.Equal(["a", "b", "bad", "none"], Ids(Reduce([left], [right], limit: 4)));
    }

    [Fact]
    public void Matches_that_the_shards_only_handed_on_stay_as_they_came()
    {
        DocumentArray Part() => [Query("cosine", "cosine", ("a", 0.1f), ("b", 0.9f), ("c", 0.5f))];

        Assert.Equal(["a", "b", "c"], Ids(ShardReducer.Reduce([Part(), Part()], 2)[0]));
    }

    [Fact]
    public void Matches_of_chunks_are_merged_too()
    {
        var (left, right) = (new Document("q"), new Document("q"));
        left.Chunks = [Query("cosine", "cosine", ("a", 0.3f))];
        right.Chunks = [Query("cosine", "cosine", ("b", 0.7f))];

        Assert.Equal(["b", "a"], Ids(Reduce([left], [right], limit: 2).Chunks[0]));
    }

    [Fact]
    public void Documents_are_united_with_the_left_most_winning_and_put_into_the_order_of_the_request()
    {
        var left = new DocumentArray([new Document("c") { Text = "left" }]);
        var right = new DocumentArray([new Document("a"), new Document("c") { Text = "right", Uri = "u" }]);

        var result = ShardReducer.Reduce([left, right], new Parameters(), ["a", "b", "c"]);

        Assert.Equal(["a", "c"], result.Select(document => document.Id));
        Assert.Equal(("left", "u"), (result[1].Text, result[1].Uri));
    }

    [Fact]
    public void No_part_is_no_document_and_one_part_is_itself()
    {
        DocumentArray part = [new Document()];

        Assert.Empty(ShardReducer.Reduce([], limit: null));
        Assert.Same(part, ShardReducer.Reduce([part], limit: 1));
    }

    private static Document Query(string name, string? operation, params (string Id, float Score)[] matches)
    {
        var query = new Document("q");
        foreach (var (id, score) in matches)
        {
            var match = new Document(id);
            match.Scores[name] = new NamedScore(score, operation);
            query.Matches.Add(match);
        }

        return query;
    }

    private static Document Unscored(params string[] ids) => new("q") { Matches = new(ids.Select(id => new Document(id))) };

    private static Document Reduce(DocumentArray first, DocumentArray second, int? limit) => ShardReducer.Reduce([first, second], limit)[0];

    private static Document Reduce(DocumentArray first, DocumentArray second, DocumentArray third, int? limit) => ShardReducer.Reduce([first, second, third], limit)[0];

    private static IEnumerable<string> Ids(Document document) => document.Matches.Select(match => match.Id);
}
