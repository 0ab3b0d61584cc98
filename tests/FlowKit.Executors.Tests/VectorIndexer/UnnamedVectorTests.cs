using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Vectors whose model nobody named are not mixed with those of a named one, unless the flow says that they are of one model.</summary>
public sealed class UnnamedVectorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tiny@1", "")]
    [InlineData("", "tiny@1")]
    public async Task They_are_refused_per_document_in_both_directions(string first, string second)
    {
        await using var index = await OpenAsync(_folder.Path);
        index.Index(Made(first, "a"));
        DocumentArray docs = [Made(second, "b"), Made(first, "c")];
        index.Indexer.Index(docs);

        Assert.Equal([FlowErrorCode.FailedPrecondition, null], docs.Select(document => document.Error?.Code));
        Assert.Contains("the index was made by", docs[0].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("allow_unnamed", docs[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(FlowErrorCode.FailedPrecondition, index.Search(Made(second, "q")).Error?.Code);
        Assert.Equal(["a", "c"], index.Ids(Made(first, "q")).Order());
    }

    [Theory]
    [InlineData("tiny@1", "")]
    [InlineData("", "tiny@1")]
    public async Task They_are_taken_where_the_flow_says_so(string first, string second)
    {
        await using var index = await OpenAsync(_folder.Path, new VectorIndexerOptions { AllowUnnamed = true });
        index.Index(Made(first, "a"));
        index.Index(Made(second, "b"));

        Assert.Equal(["a", "b"], index.Ids(Made(second, "q")).Order());
    }

    [Fact]
    public async Task Another_models_are_refused_all_the_same()
    {
        await using var index = await OpenAsync(_folder.Path, new VectorIndexerOptions { AllowUnnamed = true });
        index.Index(Made("tiny@1", "a"));

        Assert.Equal(FlowErrorCode.FailedPrecondition, index.Search(Made("other@1", "q")).Error?.Code);
    }

    private static Document Made(string model, string id) => model.Length == 0 ? Doc(id, 1, 0) : Of(model, Doc(id, 1, 0));
}
