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

    [Fact]
    public async Task Filters_compare_fields_tags_and_moments_in_every_way()
    {
        await using var store = SqliteVectorStore.Acquire(_folder.Path, new StoreOptions());
        using VectorStoreCollection<string, Document> photos = new DocumentCollection(store, "photos");
        var taken = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
        await photos.UpsertAsync(Enumerable.Range(0, 6).Select(i =>
        {
            var document = Doc($"d{i}", 1, i);
            (document.Weight, document.Uri, document.MimeType) = (i, $"file:{i}.jpg", "image/jpeg");
            document.Tags["taken"] = taken.AddDays(i).ToString("O");
            return document;
        }));

        Assert.Equal("photos", photos.Name);
        Assert.True(await photos.CollectionExistsAsync());
        await photos.EnsureCollectionExistsAsync();
        Assert.Equal(6, await CountAsync(photos, document => true));
        Assert.Equal(5, await CountAsync(photos, document => document.Id != "d3"));
        Assert.Equal(3, await CountAsync(photos, document => document.Weight >= 3f && document.MimeType == "image/jpeg"));
        Assert.Equal(4, await CountAsync(photos, document => document.Weight <= 1f || document.Weight > 3f));
        Assert.Equal(1, await CountAsync(photos, document => document.Uri == "file:2.jpg"));
        Assert.Equal(2, await CountAsync(photos, document => (object?)document.Tags["taken"] == (object)taken || document.Id == "d5"));
        var options = new FilteredRecordRetrievalOptions<Document> { Skip = 4, IncludeVectors = true };
        var rest = await photos.GetAsync(document => true, 10, options).ToListAsync();
        Assert.Equal(["d4", "d5"], rest.Select(document => document.Id));
        Assert.All(rest, document => Assert.Equal(2, document.Embedding!.Length));
        Assert.Equal(["d1", "d2"], (await photos.GetAsync(["d1", "nobody", "d2"]).ToListAsync()).Select(document => document.Id));
        Assert.Equal("d0", (await photos.SearchAsync(Doc("q", 1, 0), 1).ToListAsync()).Single().Record.Id);
        Assert.Equal("d0", (await photos.SearchAsync(new ReadOnlyMemory<float>([1f, 0f]), 1).ToListAsync()).Single().Record.Id);
        await photos.DeleteAsync("d0");
        Assert.Equal(5, await CountAsync(photos, document => true));
    }

    [Fact]
    public async Task An_order_a_left_side_that_is_no_field_and_a_key_of_a_service_are_refused()
    {
        await using var store = SqliteVectorStore.Acquire(_folder.Path, new StoreOptions());
        using var photos = new DocumentCollection(store, "photos");
        var ordered = new FilteredRecordRetrievalOptions<Document> { OrderBy = order => order.Ascending(document => document.Weight) };

        var order = await Assert.ThrowsAsync<NotSupportedException>(() => photos.GetAsync(document => true, 1, ordered).ToListAsync().AsTask());
        var left = await Assert.ThrowsAsync<NotSupportedException>(() => photos.GetAsync(document => "d1" == document.Id, 1).ToListAsync().AsTask());
        var flag = false;
        await Assert.ThrowsAsync<NotSupportedException>(() => photos.GetAsync(document => flag, 1).ToListAsync().AsTask());

        Assert.Contains("OrderBy", order.Message, StringComparison.Ordinal);
        Assert.Contains("on the left", left.Message, StringComparison.Ordinal);
        Assert.Same(photos, photos.GetService(typeof(DocumentCollection)));
        Assert.Null(photos.GetService(typeof(string)));
        Assert.Null(photos.GetService(typeof(IVectorStore), "key"));
    }

    private static async Task<int> CountAsync(
        VectorStoreCollection<string, Document> photos, System.Linq.Expressions.Expression<Func<Document, bool>> filter) =>
        (await photos.GetAsync(filter, 100).ToListAsync()).Count;
}
