using FlowKit.VectorStores;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>An index outside a flow: exported, imported, compacted.</summary>
public sealed class IndexFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_exported_is_imported_bit_for_bit()
    {
        var documents = Enumerable.Range(0, 1200).Select(i => Of("m@1", Doc($"d{i}", 1, i / 3f, -i))).ToArray();
        documents[7].Tags["note"] = "two\nlines";
        await using (var index = await IndexUnderTest.OpenAsync(_folder.Path))
        {
            index.Index(documents);
        }

        using var lines = new MemoryStream();
        await using (var store = IndexFolder.Open(_folder.Path))
        {
            Assert.Equal(1200, await VectorStoreTransfer.ExportAsync(store, lines));
        }

        lines.Position = 0;
        await using var copy = IndexFolder.Open(_folder.At("copy"), mustExist: false);
        Assert.Equal(1200, await VectorStoreTransfer.ImportAsync(copy, lines));
        var found = await copy.GetAsync(["d7", "d1199"], FieldSelection.WithEmbedding, CancellationToken.None);
        Assert.Equal((documents[7].Tags.ToJsonString(), "text of d7"), (found[0]!.Tags.ToJsonString(), found[0]!.Text));
        Assert.Equal([1f, 1199 / 3f, -1199f], found[1]!.Embedding!.ToFloats());
        Assert.Equal(new VectorStamp(3, "m@1"), (await copy.GetStatusAsync(CancellationToken.None)).Stamp);
    }

    [Fact]
    public async Task A_compacted_index_is_smaller_and_has_nothing_damaged()
    {
        await using (var index = await IndexUnderTest.OpenAsync(_folder.Path))
        {
            index.Index([.. Enumerable.Range(0, 500).Select(i => Doc($"d{i}", [.. Enumerable.Range(0, 256).Select(k => (float)(i + k))]))]);
            index.Indexer.Delete([], new DeleteParameters { Ids = [.. Enumerable.Range(100, 400).Select(i => $"d{i}")] });
        }

        await using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.At("index.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "UPDATE rows SET id = 'lies' WHERE id = 'd5'";
            await command.ExecuteNonQueryAsync();
        }

        var before = IndexFolder.SizeOf(_folder.Path);
        Assert.Equal(1, IndexFolder.Compact(_folder.Path));
        Assert.InRange(IndexFolder.SizeOf(_folder.Path), 1, before / 2);
        await using var again = await IndexUnderTest.OpenAsync(_folder.Path);
        Assert.Equal((99, 0, 0), (again.Count, again.Status.GetProperty("damaged").GetArrayLength(), again.Status.GetProperty("lost").GetInt32()));
        Assert.Equal("d7", again.Ids(Doc("q", [.. Enumerable.Range(0, 256).Select(k => (float)(7 + k))]), 1).Single());
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        Assert.Contains("There is no index in", Assert.Throws<FlowKitException>(() => IndexFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
        await using var store = IndexFolder.Open(_folder.Path, mustExist: false);
        foreach (var (line, expected) in new[] { ("{\"id\":", "Line 2 is no document"), ("{\"id\":\"a\"}", "Line 2, the document 'a': embedding: the document has none") })
        {
            using var input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"\n{line}\n"));
            var error = await Assert.ThrowsAsync<FlowKitException>(() => VectorStoreTransfer.ImportAsync(store, input));
            Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        }
    }
}
