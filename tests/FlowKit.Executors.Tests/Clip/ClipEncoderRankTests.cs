using FlowKit.Clip;
using FlowKit.Executors.Tests.Encoding;

namespace FlowKit.Executors.Tests.Ranking;

/// <summary>clip-as-service's <c>/rank</c> and its way through an index, by a ClipEncoder alone.</summary>
public sealed class ClipEncoderRankTests(DualFlow clip) : IClassFixture<DualFlow>
{
    private static readonly float s_scale = ClipModelFolder.Open("tiny-clip").Card.LogitScale;

    [Theory]
    [InlineData("/rank")]
    [InlineData("/rank/tiny-clip")]
    public async Task Each_query_is_scored_over_its_own_candidates_with_the_models_own_scale(string endpoint)
    {
        var words = new Document("words") { Text = "a red apple", Matches = [Of("dog"), Of("red-apple"), Of("airplane")] };
        var picture = new Document("picture") { Blob = Picture.Named("dog"), Matches = [new("banana") { Text = "a banana" }, new("dog") { Text = "a dog" }] };
        var reply = await clip.Flow.SendAsync(endpoint, [words, picture], """{"drop_image_content": true}""");
        Assert.Equal(("red-apple", "dog"), (reply[0].Matches[0].Id, reply[1].Matches[0].Id));
        Assert.Equal([3, 2], reply.Select(query => query.Matches.Count));
        foreach (var query in reply)
        {
            var cosines = query.Matches.Select(match => (double)match.Scores["clip_score_cosine"].Value).ToList();
            Assert.Equal(cosines.OrderDescending(), cosines);
            var weights = cosines.Select(cosine => Math.Exp(s_scale * cosine)).ToList();
            Assert.All(query.Matches.Select((match, i) => (match, i)), pair => Assert.Equal(weights[pair.i] / weights.Sum(), pair.match.Scores["clip_score"].Value, 1e-4));
            Assert.Equal(1, query.Matches.Sum(match => match.Scores["clip_score"].Value), 1e-5);
            Assert.All(query.Matches, match => Assert.Null(match.Embedding));
            Assert.All(query.Matches, match => Assert.NotEqual(DocumentContent.Blob, match.ContentType));
            Assert.Equal(("softmax", "cosine", query.Id), (query.Matches[0].Scores["clip_score"].OpName, query.Matches[0].Scores["clip_score_cosine"].OpName, query.Matches[0].Scores["clip_score"].RefId));
        }
    }

    [Fact]
    public async Task Equal_candidates_keep_their_order()
    {
        Document Candidate(string id, string text) => new(id) { Text = text };
        var reply = await clip.Flow.SendAsync("/rank", [new("q") { Text = "a dog", Matches = [Candidate("z", "a dog"), Candidate("far", "an airplane"), Candidate("a", "a dog"), Candidate("m", "a dog")] }], """{"batch_size": 1}""");
        Assert.Equal(["z", "a", "m", "far"], reply[0].Matches.Select(match => match.Id));
    }

    [Fact]
    public async Task A_bad_candidate_fails_alone_and_comes_last_and_a_bad_query_is_left_alone()
    {
        var good = new Document("good") { Text = "a dog", Matches = [new("bad") { Blob = new byte[] { 1, 2 } }, new("empty"), Of("dog")] };
        var bad = new Document("wrong") { Blob = new byte[] { 1 }, Matches = [Of("dog")] };
        var reply = await clip.Flow.SendAsync("/rank", [good, bad]);
        Assert.Equal(["dog", "bad", "empty"], reply[0].Matches.Select(match => match.Id));
        Assert.Equal(1f, reply[0].Matches[0].Scores["clip_score"].Value);
        Assert.Contains("blob: ", reply[0].Matches[1].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("the match 'empty' has none", reply[0].Matches[2].Error!.Message, StringComparison.Ordinal);
        Assert.Equal("wrong", reply[1].Error?.DocumentId);
        Assert.False(reply[1].Matches[0].HasScores);
    }

    [Fact]
    public async Task Indexed_pictures_are_found_by_words()
    {
        await using var flow = await TestFlow.StartAsync("""
            - { uses: ClipEncoder, uses_with: { drop_image_content: true } }
            - { uses: VectorIndexer }
            """);
        await flow.SendAsync("/index", [Of("dog"), Of("banana"), Of("airplane"), Of("red-apple")]);
        var reply = await flow.SendAsync("/search", [new() { Text = "a banana" }, new() { Blob = Picture.Named("dog") }], """{"limit": 2}""");
        Assert.Equal(["banana", "dog"], reply.Select(query => query.Matches[0].Id));
        Assert.All(reply, query => Assert.Equal(2, query.Matches.Count));
    }

    private static Document Of(string name) => new(name) { Blob = Picture.Named(name) };
}
