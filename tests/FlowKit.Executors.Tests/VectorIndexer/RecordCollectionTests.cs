using FlowKit.VectorStores.VectorData;
using Microsoft.Extensions.VectorData;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>The embedded store as a dynamic collection.</summary>
public sealed class RecordCollectionTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_are_written_found_filtered_sorted_and_deleted()
    {
        await using var store = SqliteVectorStore.Acquire(_folder.Path, new StoreOptions());
        using VectorStoreCollection<object, Record> hotels = new RecordCollection(store, "hotels", Define(typeof(string), typeof(float[])));
        await hotels.UpsertAsync(Enumerable.Range(0, 6).Select(i => new Record
        {
            ["Name"] = $"h{i}",
            ["City"] = i % 2 == 0 ? "Oslo" : null,
            ["Stars"] = 5 - i,
            ["Vector"] = new[] { 1f, i },
        }));
        await hotels.UpsertAsync(new Record { ["Name"] = "h9", ["Vector"] = new ReadOnlyMemory<float>([0, 1]) });

        Assert.Equal("hotels", hotels.Name);
        Assert.True(await hotels.CollectionExistsAsync());
        var one = (await hotels.GetAsync("h2", new RecordRetrievalOptions { IncludeVectors = true }))!;
        Assert.Equal(("h2", "Oslo", 3), ((string)one["Name"]!, (string)one["City"]!, (int)one["Stars"]!));
        Assert.Equal([1f, 2f], (float[])one["Vector"]!);
        Assert.Null(await hotels.GetAsync("nobody"));
        var sorted = new FilteredRecordRetrievalOptions<Record> { OrderBy = order => order.Ascending(record => record["Stars"]!), Skip = 1 };
        Assert.Equal(
            ["h2", "h0"],
            await hotels.GetAsync(record => (string?)record["City"] == "Oslo", 5, sorted).Select(record => (string)record["Name"]!).ToListAsync());
        var none = hotels.GetAsync(record => record["City"] == null && (string?)record["Name"] != "h9", 2);
        Assert.Equal(["h1", "h3"], await none.Select(record => (string)record["Name"]!).ToListAsync());
        var options = new VectorSearchOptions<Record> { Filter = record => (int)record["Stars"]! >= 2 && (int)record["Stars"]! < 5, Skip = 1 };
        var found = await hotels.SearchAsync(new[] { 1f, 0f }, 5, options).ToListAsync();
        Assert.Equal(["h2", "h3"], found.Select(result => (string)result.Record["Name"]!));
        Assert.Equal(1 / Math.Sqrt(5), found[0].Score!.Value, 1e-5);

        await hotels.DeleteAsync("h2");
        await hotels.DeleteAsync(["h3", "h4"]);
        Assert.Equal(4, await store.CountAsync(null, CancellationToken.None));
        Assert.Same(store, hotels.GetService(typeof(SqliteVectorStore)));
        Assert.Same(hotels, hotels.GetService(typeof(RecordCollection)));
        await hotels.EnsureCollectionDeletedAsync();
        await hotels.EnsureCollectionExistsAsync();
        Assert.Equal(0, await store.CountAsync(null, CancellationToken.None));
    }

    [Fact]
    public async Task What_a_document_has_no_place_for_is_refused_by_name()
    {
        await using var store = SqliteVectorStore.Acquire(_folder.Path, new StoreOptions());
        var key = Assert.Throws<NotSupportedException>(() => new RecordCollection(store, "hotels", Define(typeof(int), typeof(float[]))));
        Assert.Contains("Name: a key is a string or a Guid here, not System.Int32", key.Message, StringComparison.Ordinal);
        var nested = Define(typeof(Guid), typeof(float[]));
        nested.Properties.Add(new VectorStoreDataProperty("a__b", typeof(string)));
        Assert.Contains("a__b", Assert.Throws<NotSupportedException>(() => new RecordCollection(store, "hotels", nested)).Message, StringComparison.Ordinal);

        using var hotels = new RecordCollection(store, "hotels", Define(typeof(Guid), typeof(ReadOnlyMemory<float>)));
        var none = await Assert.ThrowsAsync<FlowKitException>(() => hotels.UpsertAsync(new Record { ["Name"] = Guid.NewGuid(), ["City"] = "Oslo" }));
        Assert.Contains("embedding", none.Message, StringComparison.Ordinal);
        var field = await Assert.ThrowsAsync<NotSupportedException>(() => hotels.GetAsync(record => (string?)record["Street"] == "x", 1).ToListAsync().AsTask());
        Assert.Contains("record[\"city\"]", field.Message, StringComparison.Ordinal);
    }

    private static VectorStoreCollectionDefinition Define(Type key, Type vector) => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty("Name", key),
            new VectorStoreDataProperty("City", typeof(string)),
            new VectorStoreDataProperty("Stars", typeof(int?)),
            new VectorStoreVectorProperty("Vector", vector, 2),
        ],
    };
}
