using FlowKit.VectorStores;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Documents that cannot be indexed or searched with fail alone.</summary>
public sealed class RefusedDocumentTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private IndexUnderTest _index = null!;

    public async Task InitializeAsync()
    {
        _index = await IndexUnderTest.OpenAsync(_folder.Path, new VectorIndexerOptions { AllowUnnamed = true });
        _index.Index(Of("tiny@1", Doc("first", 1, 0)));
    }

    public async Task DisposeAsync()
    {
        await _index.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string, Document, FlowErrorCode, string[]> Bad => new()
    {
        { "none", new Document("bad") { Text = "x" }, FlowErrorCode.InvalidArgument, ["embedding", "none"] },
        { "empty", Doc("bad"), FlowErrorCode.InvalidArgument, ["embedding", "none"] },
        { "nan", Doc("bad", 1, float.NaN), FlowErrorCode.InvalidArgument, ["embedding", "NaN"] },
        { "infinite", Doc("bad", float.PositiveInfinity, 1), FlowErrorCode.InvalidArgument, ["embedding", "infinite"] },
        { "dimension", Doc("bad", 1, 2, 3), FlowErrorCode.FailedPrecondition, ["embedding", "2 dimensions", "has 3", "tiny@1"] },
        { "model", Of("other@7", Doc("bad", 1, 2)), FlowErrorCode.FailedPrecondition, ["tiny@1", "other@7", "2 dimensions"] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_embedding_fails_its_document_and_no_other(string _, Document bad, FlowErrorCode code, string[] says)
    {
        DocumentArray docs = [Doc("a", 1, 1), bad.Clone(), Doc("b", 0, 1)];
        _index.Indexer.Index(docs);
        AssertFailed(docs[1], code, says);
        Assert.Null(docs[0].Error);
        Assert.Null(docs[2].Error);
        Assert.Equal(["a", "b", "first"], _index.Ids(Doc("q", 0, 1)).Order());

        docs = [Doc("q1", 1, 0), bad.Clone(), Doc("q2", 1, 0)];
        _index.Indexer.Search(docs, new SearchParameters(), CancellationToken.None);
        AssertFailed(docs[1], code, says);
        Assert.Empty(docs[1].Matches);
        Assert.Equal(3, docs[0].Matches.Count);
        Assert.Equal(3, docs[2].Matches.Count);
    }

    [Theory]
    [InlineData("nul", "\0inside")]
    [InlineData("half", " \\ud83c")]
    [InlineData("", "")]
    public void An_id_that_would_come_back_as_another_is_refused(string start, string end)
    {
        // The runner cannot carry half a surrogate pair to the test, so it is put together here.
        var id = start + end.Replace("\\ud83c", "\ud83c", StringComparison.Ordinal);
        var document = Doc(id, 1, 0);
        _index.Indexer.Index([document]);
        AssertFailed(document, FlowErrorCode.InvalidArgument, ["id:"]);
        Assert.Equal(1, _index.Count);
    }

    [Fact]
    public void The_first_model_of_a_request_decides_what_an_empty_index_holds()
    {
        _index.Delete("first");
        DocumentArray docs = [Of("new@1", Doc("a", 1, 2, 3)), Of("late@1", Doc("b", 1, 2, 3)), Of("new@1", Doc("c", 1, 2, 3))];
        _index.Indexer.Index(docs);
        Assert.Equal([null, FlowErrorCode.FailedPrecondition, null], docs.Select(document => document.Error?.Code));
        Assert.Equal((2, "new@1"), (_index.Count, _index.Status.GetProperty("model").GetString()));
    }

    private static void AssertFailed(Document document, FlowErrorCode code, string[] says)
    {
        Assert.Equal(code, document.Error?.Code);
        Assert.All(says, part => Assert.Contains(part, document.Error!.Message, StringComparison.Ordinal));
    }
}
