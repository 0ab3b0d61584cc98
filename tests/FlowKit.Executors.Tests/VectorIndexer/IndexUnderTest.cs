using System.Text.Json;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>A loaded indexer on a folder.</summary>
internal sealed class IndexUnderTest : IAsyncDisposable
{
    private readonly VectorIndexer _indexer;

    private IndexUnderTest(VectorIndexer indexer) => (_indexer, Indexer) = (indexer, new BlockingIndexer(indexer));

    public BlockingIndexer Indexer { get; }

    public static async Task<IndexUnderTest> OpenAsync(string folder, VectorIndexerOptions? options = null)
    {
        var indexer = (VectorIndexer)Executor.Construct(new ExecutorContext { Workspace = folder }, () => new VectorIndexer(options ?? new VectorIndexerOptions()));
        await indexer.LoadAsync(CancellationToken.None);
        return new IndexUnderTest(indexer);
    }

    public static Document Doc(string id, params float[] vector) => new(id) { Text = $"text of {id}", Embedding = NdArray.Wrap(vector) };

    public static Document Of(string model, Document document)
    {
        document.Metadata[VectorIndexer.ModelKey] = model;
        return document;
    }

    public void Index(params Document[] documents)
    {
        Indexer.Index(new DocumentArray(documents));
        Assert.All(documents, document => Assert.Null(document.Error));
    }

    public Document Search(Document query, double? limit = null, bool embeddings = false)
    {
        Indexer.Search([query], new SearchParameters { Limit = limit, ReturnEmbeddings = embeddings }, CancellationToken.None);
        return query;
    }

    public IEnumerable<string> Ids(Document query, double? limit = null) => Search(query, limit).Matches.Select(match => match.Id);

    public IEnumerable<string> Words(string text)
    {
        Document query = new("q") { Text = text };
        Indexer.Search([query], new SearchParameters { Alpha = 0 }, CancellationToken.None);
        return query.Matches.Select(match => match.Id);
    }

    public int Delete(params string[] ids) => Result(Indexer.Delete([], new DeleteParameters { Ids = ids })).GetProperty("deleted").GetInt32();

    public JsonElement Status => Result(Indexer.Status());

    public int Count => Status.GetProperty("num_docs").GetInt32();

    public ValueTask DisposeAsync() => _indexer.DisposeAsync();

    private static JsonElement Result(object result) => JsonSerializer.SerializeToElement(result);
}
