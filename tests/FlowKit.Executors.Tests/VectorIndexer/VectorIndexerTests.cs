using FlowKit.VectorStores;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

public sealed class VectorIndexerTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private IndexUnderTest _index = null!;

    public async Task InitializeAsync() => _index = await IndexUnderTest.OpenAsync(_folder.Path);

    public async Task DisposeAsync()
    {
        await _index.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_indexed_is_found_nearest_first_with_its_cosine()
    {
        _index.Index(Doc("east", 1, 0), Doc("north", 0, 2), Doc("north-east", 3, 3));
        var query = _index.Search(Doc("q", 10, 1));
        Assert.Equal(["east", "north-east", "north"], query.Matches.Select(match => match.Id));
        var best = query.Matches[0];
        Assert.Equal("text of east", best.Text);
        Assert.Equal(1u, best.Adjacency);
        Assert.Null(best.Embedding);
        Assert.Equal(new NamedScore(10 / MathF.Sqrt(101), "cosine", RefId: "q").Value, best.Scores["cosine"].Value, 1e-6f);
        Assert.Equal("q", best.Scores["cosine"].RefId);
    }

    [Fact]
    public void Embeddings_come_back_as_they_were_sent_when_asked_for()
    {
        _index.Index(Doc("a", 3, 4));
        Assert.Equal([3f, 4f], _index.Search(Doc("q", 1, 1), embeddings: true).Matches.Single().Embedding!.ToFloats());
    }

    [Fact]
    public void Tags_uri_metadata_and_chunks_are_kept_and_content_is_not()
    {
        var document = Doc("a", 1, 0);
        document.Blob = new byte[] { 1, 2, 3 };
        document.Uri = "pictures/a.jpg";
        document.Tags["colour"] = "red";
        document.Chunks.Add(new Document("part") { Blob = new byte[] { 4 }, Text = null });
        var inline = Doc("b", 0, 1);
        inline.Uri = "data:image/png;base64,AAAA";
        _index.Index(Of("m@1", document), Of("m@1", inline));
        var found = _index.Search(Of("m@1", Doc("q", 1, 0))).Matches;
        Assert.Equal(("pictures/a.jpg", "red", "part"), (found[0].Uri, found[0].Tags["colour"]!.ToString(), found[0].Chunks.Single().Id));
        Assert.Equal("m@1", found[0].Metadata[VectorIndexer.ModelKey]!.ToString());
        Assert.Equal(DocumentContent.None, found[0].ContentType);
        Assert.Equal(DocumentContent.None, found[0].Chunks[0].ContentType);
        Assert.Null(found[1].Uri);
        Assert.NotNull(document.Blob);
    }

    [Fact]
    public async Task Content_is_kept_and_embeddings_are_dropped_when_the_options_say_so()
    {
        using var folder = new TestFolder();
        await using var index = await IndexUnderTest.OpenAsync(folder.Path, new VectorIndexerOptions { StoreContent = true, DropEmbedding = true });
        var document = Doc("a", 1, 0);
        document.Blob = new byte[] { 1, 2, 3 };
        index.Index(document);
        Assert.Null(document.Embedding);
        var query = index.Search(Doc("q", 1, 0));
        Assert.Null(query.Embedding);
        Assert.Equal([1, 2, 3], query.Matches[0].Blob!.Value.ToArray());
    }

    [Fact]
    public void The_same_id_again_replaces_and_the_last_of_one_request_wins()
    {
        _index.Index(Doc("a", 1, 0));
        var last = Doc("a", 0, 1);
        last.Text = "last";
        _index.Index(Doc("a", 1, 1), last);
        Assert.Equal(1, _index.Count);
        var match = _index.Search(Doc("q", 0, 1)).Matches.Single();
        Assert.Equal(("last", 1f), (match.Text, match.Scores["cosine"].Value));
    }

    [Fact]
    public void Update_replaces_what_is_there_and_fails_the_rest()
    {
        _index.Index(Doc("a", 1, 0));
        DocumentArray docs = [Doc("a", 0, 1), Doc("b", 1, 1)];
        _index.Indexer.Update(docs);
        Assert.Null(docs[0].Error);
        Assert.Equal(FlowErrorCode.NotFound, docs[1].Error!.Code);
        Assert.Contains("'b'", docs[1].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1f, _index.Search(Doc("q", 0, 1)).Matches.Single().Scores["cosine"].Value);
    }

    [Fact]
    public void Delete_counts_what_it_removed_by_documents_and_by_ids()
    {
        _index.Index(Doc("a", 1, 0), Doc("b", 0, 1), Doc("c", 1, 1));
        Assert.Equal(1, _index.Delete("a", "a", "nobody"));
        _index.Indexer.Delete([new Document("b")], new DeleteParameters());
        Assert.Equal(["c"], _index.Ids(Doc("q", 1, 1)));
        Assert.Equal(0, _index.Delete("a"));
    }

    [Fact]
    public void Status_says_how_many_of_which_kind()
    {
        Assert.Equal(0, _index.Count);
        _index.Index(Of("m@1", Doc("a", 1, 0, 0)));
        var status = _index.Status;
        Assert.Equal((1, 3, "m@1"), (status.GetProperty("num_docs").GetInt32(), status.GetProperty("dimension").GetInt32(), status.GetProperty("model").GetString()));
    }

    [Fact]
    public void An_empty_index_finds_nothing()
    {
        var query = _index.Search(Doc("q", 1, 2, 3));
        Assert.Null(query.Error);
        Assert.Empty(query.Matches);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(10_000, 3)]
    public void A_limit_gives_at_most_so_many(double limit, int expected)
    {
        _index.Index(Doc("a", 1, 0), Doc("b", 0, 1), Doc("c", 1, 1));
        Assert.Equal(expected, _index.Search(Doc("q", 1, 1), limit).Matches.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1.5)]
    [InlineData(1e9)]
    public void A_limit_that_is_none_is_an_error_that_names_it(double limit)
    {
        var error = Assert.Throws<FlowKitException>(() => _index.Search(Doc("q", 1), limit));
        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains("parameters.limit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_zero_vector_is_refused_where_it_is_indexed_and_where_it_asks()
    {
        DocumentArray docs = [Doc("zero", 0, 0), Doc("negative zero", 0, -0f), Doc("a", 1, 0)];
        _index.Indexer.Index(docs);

        Assert.Equal([FlowErrorCode.InvalidArgument, FlowErrorCode.InvalidArgument, null], docs.Select(document => document.Error?.Code));
        Assert.Contains("all its numbers are 0", docs[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], _index.Ids(Doc("q", 1, 0)));
        Assert.Equal(FlowErrorCode.InvalidArgument, _index.Search(Doc("q", 0, 0)).Error?.Code);
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    [InlineData(1e-42f)]
    public void Very_large_and_very_small_vectors_have_their_direction(float scale)
    {
        _index.Index(Doc("a", scale, 0), Doc("b", 0, scale));
        Assert.Equal(1f, _index.Search(Doc("q", 0, scale)).Matches[0].Scores["cosine"].Value, 1e-5f);
        Assert.Equal(["b", "a"], _index.Ids(Doc("q", 0, 1)));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("Äpfel/日本語 🍎'; DROP TABLE documents;--")]
    public void An_id_may_be_any_text(string id)
    {
        _index.Index(Doc(id, 1, 0));
        Assert.Equal([id], _index.Ids(Doc("q", 1, 0)));
        Assert.Equal(1, _index.Delete(id));
    }

    [Fact]
    public void A_very_long_id_is_kept() => An_id_may_be_any_text(new string('x', 100_000));
}
