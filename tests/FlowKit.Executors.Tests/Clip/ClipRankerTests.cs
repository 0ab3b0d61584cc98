using FlowKit.Clip;

namespace FlowKit.Executors.Tests.Ranking;

public sealed class ClipRankerTests
{
    private static readonly float s_scale = ClipModelFolder.Open("tiny-clip").Card.LogitScale;

    [Fact]
    public void Scores_are_the_cosine_and_its_softmax_with_the_models_own_scale()
    {
        var query = Ranked(Doc("q", 1, 0), Doc("far", 0, 1), Doc("near", 1, 0.1f), Doc("mid", 1, 0.2f));
        Assert.Equal(["near", "mid", "far"], query.Matches.Select(match => match.Id));
        var cosines = query.Matches.Select(match => (double)match.Scores["clip_score_cosine"].Value).ToArray();
        Assert.Equal(1 / Math.Sqrt(1.01), cosines[0], 1e-6);
        var weights = cosines.Select(cosine => Math.Exp(s_scale * cosine)).ToArray();
        Assert.All(query.Matches.Select((match, i) => (match, i)), pair => Assert.Equal(weights[pair.i] / weights.Sum(), pair.match.Scores["clip_score"].Value, 1e-5));
        Assert.Equal(1, query.Matches.Sum(match => match.Scores["clip_score"].Value), 1e-5);
        Assert.All(query.Matches, match => Assert.Null(match.Embedding));
        Assert.Equal(("softmax", "cosine", "q"), (query.Matches[0].Scores["clip_score"].OpName, query.Matches[0].Scores["clip_score_cosine"].OpName, query.Matches[0].Scores["clip_score"].RefId));
    }

    [Fact]
    public void Equal_scores_keep_their_order() =>
        Assert.Equal(["c", "a", "b", "z"], Ranked(Doc("q", 1, 0), Doc("z", 0, 1), Doc("c", 2, 0), Doc("a", 1, 0), Doc("b", 3, 0)).Matches.Select(match => match.Id));

    [Fact]
    public void Each_query_is_ranked_over_its_own_matches()
    {
        var queries = new[] { Doc("p", 1, 0), Doc("q", 0, 1) };
        foreach (var query in queries)
        {
            query.Matches = [Doc("x", 1, 0), Doc("y", 0, 1)];
        }

        Make().Rank(new DocumentArray(queries), CancellationToken.None);
        Assert.Equal(["x", "y", "y", "x"], queries.SelectMany(query => query.Matches).Select(match => match.Id));
        Assert.All(queries, query => Assert.Equal(1, query.Matches.Sum(match => match.Scores["clip_score"].Value), 1e-5));
    }

    [Fact]
    public void A_document_without_matches_is_left_alone()
    {
        var query = Ranked(new Document("q") { Text = "cat" });
        Assert.Null(query.Error);
        Assert.False(query.HasMatches);
        Assert.False(query.HasScores);
    }

    [Fact]
    public void The_cosine_of_an_indexer_stands_in_for_embeddings_but_only_for_this_query()
    {
        var (known, stale) = (new Document("known"), new Document("stale"));
        known.Scores["cosine"] = new NamedScore(0.5f, "cosine", RefId: "q");
        stale.Scores["cosine"] = new NamedScore(0.9f, "cosine", RefId: "another");
        var query = Ranked(new Document("q"), stale, known);
        Assert.Equal(["known", "stale"], query.Matches.Select(match => match.Id));
        Assert.Equal((0.5f, 1f), (known.Scores["clip_score_cosine"].Value, known.Scores["clip_score"].Value));
        Assert.Contains("'q' has none", stale.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_count_more_than_a_score_that_was_sent()
    {
        var match = Doc("m", 1, 0);
        match.Scores["cosine"] = new NamedScore(0.1f, "cosine", RefId: "q");
        Assert.Equal(1f, Ranked(Doc("q", 1, 0), match).Matches[0].Scores["clip_score_cosine"].Value);
    }

    [Fact]
    public void A_match_that_cannot_be_compared_fails_alone_and_comes_last()
    {
        var query = Ranked(Doc("q", 1, 0), new Document("none") { Text = "x" }, Doc("long", 1, 2, 3), Doc("good", 1, 1));
        Assert.Equal(["good", "none", "long"], query.Matches.Select(match => match.Id));
        Assert.Contains("'none' has none", query.Matches[1].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("2 and 3", query.Matches[2].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1f, query.Matches[0].Scores["clip_score"].Value);
    }

    [Fact]
    public void Embeddings_of_another_model_are_refused_by_name()
    {
        var card = ClipModelFolder.Open("tiny-clip").Card.ModelId;
        var query = Ranked(Of("other@1", Doc("q", 1, 0)), Doc("m", 1, 0));
        Assert.Equal(FlowErrorCode.FailedPrecondition, query.Error?.Code);
        Assert.Contains("other@1", query.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(card, query.Error.Message, StringComparison.Ordinal);
        var mixed = Ranked(Of(card, Doc("q", 1, 0)), Of("other@1", Doc("m", 1, 0)));
        Assert.Contains("other@1", mixed.Matches[0].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zero_vector_scores_zero_and_not_NaN() =>
        Assert.Equal(0f, Ranked(Doc("q", 1, 0), Doc("zero", 0, 0)).Matches[0].Scores["clip_score_cosine"].Value);

    [Fact]
    public async Task A_text_with_picture_candidates_is_ranked_by_the_whole_flow()
    {
        await using var flow = await TestFlow.StartAsync("""
            - { uses: ClipImageEncoder, uses_with: { drop_image_content: true } }
            - { uses: ClipTextEncoder }
            - { uses: ClipRanker }
            """);
        var query = new Document("q") { Text = "a red apple", Matches = [new Document("dog") { Blob = Picture.Named("dog") }, new Document("bad") { Blob = new byte[] { 1, 2 } }, new Document("apple") { Blob = Picture.Named("red-apple") }, new Document("plane") { Blob = Picture.Named("airplane") }] };
        var reply = await flow.SendAsync("/rank", [query]);
        var matches = reply[0].Matches;
        Assert.Equal("apple", matches[0].Id);
        Assert.Equal("bad", matches[3].Id);
        Assert.NotNull(matches[3].Error);
        Assert.Equal(1, matches.Take(3).Sum(match => match.Scores["clip_score"].Value), 1e-5);
        Assert.All(matches, match => Assert.Null(match.Embedding));
        Assert.NotNull(reply[0].Embedding);
    }

    [Fact]
    public void A_model_trained_with_a_sigmoid_scores_each_match_alone()
    {
        using var folder = new TestFolder();
        WriteCard(folder, """{"name": "s", "scoring": "sigmoid", "logit_scale": 10, "logit_bias": -5, "files": {}}""");
        var query = Doc("q", 1, 0);
        query.Matches = [Doc("near", 1, 0), Doc("far", 0, 1)];
        new ClipRanker(new ClipRankerOptions { Model = folder.Path }).Rank([query], CancellationToken.None);
        Assert.Equal(1 / (1 + Math.Exp(-5)), query.Matches[0].Scores["clip_score"].Value, 1e-5);
        Assert.Equal(1 / (1 + Math.Exp(5)), query.Matches[1].Scores["clip_score"].Value, 1e-5);
        Assert.Equal("sigmoid", query.Matches[0].Scores["clip_score"].OpName);
    }

    [Fact]
    public void A_model_whose_scale_nobody_stated_is_refused_at_the_start()
    {
        using var folder = new TestFolder();
        WriteCard(folder, """{"model": "ViT-L-16-SigLIP-384::webli", "files": {}}""");
        var error = Assert.Throws<FlowKitException>(() => new ClipRanker(new ClipRankerOptions { Model = folder.Path }));
        Assert.Contains("logit_scale", error.Message, StringComparison.Ordinal);
        Assert.Contains("ViT-L-16-SigLIP-384", error.Message, StringComparison.Ordinal);
    }

    private static void WriteCard(TestFolder folder, string card) => File.WriteAllText(folder.At("model.json"), card);

    private static ClipRanker Make() => new(new ClipRankerOptions());

    private static Document Ranked(Document query, params Document[] matches)
    {
        if (matches.Length > 0)
        {
            query.Matches = new DocumentArray(matches);
        }

        Make().Rank([query], CancellationToken.None);
        return query;
    }

    private static Document Doc(string id, params float[] vector) => new(id) { Embedding = NdArray.Wrap(vector) };

    private static Document Of(string model, Document document)
    {
        document.Metadata["embedding_model"] = model;
        return document;
    }
}
