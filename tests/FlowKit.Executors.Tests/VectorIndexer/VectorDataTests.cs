using FlowKit.VectorStores;
using FlowKit.VectorStores.VectorData;
using Microsoft.Extensions.VectorData;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>The embedded store as programs use it through Microsoft.Extensions.VectorData.</summary>
public sealed class VectorDataTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_collection_writes_finds_filters_and_deletes()
    {
        await using var store = SqliteVectorStore.Acquire(_folder.Path, new StoreOptions());
        using VectorStoreCollection<string, Document> photos = new DocumentCollection(store, "photos");
        await photos.UpsertAsync(Enumerable.Range(0, 30).Select(i =>
        {
            var document = Doc($"d{i:00}", 1, i);
            (document.Tags["city"], document.Weight) = (i % 3 == 0 ? "Oslo" : "Bergen", i);
            return document;
        }));
        var city = "Oslo";
        var options = new VectorSearchOptions<Document> { Filter = document => (string?)document.Tags["city"] == city && !(document.Weight < 6f), Skip = 1 };
        var found = await photos.SearchAsync(new[] { 1f, 0f }, 3, options).ToListAsync();
        Assert.Equal(["d09", "d12", "d15"], found.Select(result => result.Record.Id));
        Assert.Equal(1 / Math.Sqrt(82), found[0].Score!.Value, 1e-5);

        Assert.Equal("text of d07", (await photos.GetAsync("d07"))!.Text);
        Assert.Equal(["d28", "d29"], (await photos.GetAsync(document => document.Weight > 27f, 10).ToListAsync()).Select(document => document.Id));
        await photos.DeleteAsync(["d28", "nobody"]);
        Assert.Null(await photos.GetAsync("d28"));
        Assert.Same(store, photos.GetService(typeof(IVectorStore)));
        await photos.EnsureCollectionDeletedAsync();
        Assert.Equal(0, await store.CountAsync(null, CancellationToken.None));
    }

    [Fact]
    public async Task What_the_store_has_not_is_refused_by_name()
    {
        await using var store = SqliteVectorStore.Acquire(_folder.Path, new StoreOptions());
        using var photos = new DocumentCollection(store, "photos");
        await photos.UpsertAsync(Doc("a", 1, 0));
        var input = await Assert.ThrowsAsync<NotSupportedException>(() => photos.SearchAsync("red apple", 1).ToListAsync().AsTask());
        Assert.Contains("a flow embeds texts", input.Message, StringComparison.Ordinal);
        var filter = await Assert.ThrowsAsync<NotSupportedException>(() => photos.GetAsync(document => document.Text!.Length > 3, 1).ToListAsync().AsTask());
        Assert.Contains("document.Text.Length", filter.Message, StringComparison.Ordinal);
        var bad = await Assert.ThrowsAsync<FlowKitException>(() => photos.UpsertAsync(new Document("none")));
        Assert.Equal("none", bad.Error.DocumentId);
    }
}
