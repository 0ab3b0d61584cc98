using System.Text.Json.Nodes;
using FlowKit.Tests;
using FlowKit.VectorStores;
using Microsoft.Data.Sqlite;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Words in the file: of which fields, after a change of these, from an earlier format, in snapshots and compacted indexes.</summary>
public sealed class WordStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Chosen_tags_are_found_and_other_fields_are_read_when_they_are_chosen()
    {
        await using (var store = Open("text"))
        {
            await store.UpsertAsync([Titled("a", "one", "Café table"), Titled("b", "two", new JsonArray("chair", new JsonObject { ["in"] = "oak" }, 1987)), Titled("c", null, null)], default);
            Assert.Equal(["a"], await FindAsync(store, "one"));
            Assert.Empty(await FindAsync(store, "cafe"));
        }

        await using (var store = Open("tags__title", "uri"))
        {
            Assert.Empty(await FindAsync(store, "one"));
            Assert.Equal(["a"], await FindAsync(store, "CAFE"));
            Assert.Equal(["b"], await FindAsync(store, "oak"));
            Assert.Equal(["b"], await FindAsync(store, "1987"));
            Assert.Equal(["c"], await FindAsync(store, "c"));
            await store.UpsertAsync([Titled("d", "four", "stool")], default);
            Assert.Equal(["d"], await FindAsync(store, "stool"));
        }

        // Who does not choose, as the command line, leaves them as they are.
        await using (var store = IndexFolder.Open(_folder.Path))
        {
            Assert.Equal("bm25", store.Capabilities.WordScore);
            Assert.Equal(["d"], await FindAsync(store, "stool"));
        }

        await using (var store = Open())
        {
            Assert.Null(store.Capabilities.WordScore);
            await store.UpsertAsync([Titled("e", "five", "bench")], default);
        }

        await using var all = Open("text", "tags");
        Assert.Equal(["a"], await FindAsync(all, "one table"));
        Assert.Equal(["e"], await FindAsync(all, "bench"));
    }

    [Fact]
    public async Task An_index_of_the_format_before_gets_its_words_when_it_is_opened()
    {
        await using (var store = Open("text"))
        {
            await store.UpsertAsync([.. Enumerable.Range(0, 50).Select(i => Doc($"d{i}", 1, i))], default);
        }

        await ExecuteAsync("DROP TABLE words; DELETE FROM meta WHERE key = 'words'; UPDATE meta SET value = '2' WHERE key = 'format'");
        await using (var store = Open("text"))
        {
            Assert.Equal(["d7"], await FindAsync(store, "d7"));
            Assert.Equal(50, (await store.GetStatusAsync(default)).Count);
        }

        Assert.Equal("3", await ExecuteAsync("SELECT value FROM meta WHERE key = 'format'"));
    }

    [Fact]
    public async Task A_snapshot_and_a_compacted_index_have_their_words()
    {
        using var snapshot = new TestFolder();
        await using (var store = Open("text"))
        {
            await store.UpsertAsync([Doc("a", 1, 0), Doc("b", 1, 1)], default);
            await store.SnapshotAsync(snapshot.Path, default);
            await store.DeleteAsync(["a"], default);
            await store.UpsertAsync([Doc("z", 1, 0)], default);
            Assert.Equal(["b", "z"], await FindAsync(store, "text"));
            await store.RestoreAsync(snapshot.Path, default);
            Assert.Equal(["a", "b"], await FindAsync(store, "text"));
        }

        await ExecuteAsync("DELETE FROM words WHERE rowid = 0");
        Assert.Equal(0, IndexFolder.Compact(_folder.Path));
        await using var again = Open("text");
        Assert.Equal(["a", "b"], await FindAsync(again, "text"));
    }

    [Fact]
    public async Task Another_dimension_begins_the_words_anew()
    {
        await using var store = Open("text");
        await store.UpsertAsync([Doc("a", 1, 0), Doc("b", 0, 1)], default);
        await store.DeleteAsync(["a", "b"], default);
        await store.UpsertAsync([Doc("c", 1, 0, 0)], default);
        Assert.Equal(["c"], await FindAsync(store, "text"));
    }

    [Fact]
    public async Task A_document_that_was_damaged_is_not_found_by_its_words_and_a_damaged_table_is_an_error()
    {
        await using (var store = Open("text"))
        {
            await store.UpsertAsync([Doc("a", 1, 0), Doc("b", 0, 1)], default);
        }

        await ExecuteAsync("UPDATE rows SET document = CAST('{\"id\":\"a\",\"text\":\"lies\"}' AS BLOB) WHERE id = 'a'");
        await using (var store = Open("text"))
        {
            Assert.Equal(["b"], await FindAsync(store, "text"));
        }

        await ExecuteAsync("UPDATE words_data SET block = zeroblob(length(block)) WHERE id > 10");
        await using (var store = Open("text"))
        {
            var error = await Assert.ThrowsAsync<FlowKitException>(() => FindAsync(store, "text"));
            Assert.Equal(FlowErrorCode.DataLoss, error.Error.Code);
            Assert.Single((await store.SearchAsync([Doc("q", 1, 0)], new VectorSearch(), default))[0]);
        }

        Assert.Equal(1, IndexFolder.Compact(_folder.Path));
        await using var whole = Open("text");
        Assert.Equal(["b"], await FindAsync(whole, "text"));
    }

    [SmallDiskFact]
    public async Task A_folder_that_can_be_read_alone_has_the_words_that_it_had()
    {
        using var disk = new SmallDisk(4096);
        await using (var store = SqliteVectorStore.Acquire(disk.Path, new StoreOptions(TextFields: "text")))
        {
            await store.UpsertAsync([Doc("a", 1, 0), Doc("b", 0, 1)], default);
        }

        disk.Protect(isReadOnly: true);
        await using (var store = SqliteVectorStore.Acquire(disk.Path, new StoreOptions(TextFields: "text")))
        {
            Assert.Equal(["a"], await FindAsync(store, "a"));
        }

        await using (var store = SqliteVectorStore.Acquire(disk.Path, new StoreOptions(TextFields: "uri")))
        {
            Assert.Null(store.Capabilities.WordScore);
            Assert.Contains("text_fields", (await Assert.ThrowsAsync<FlowKitException>(() => FindAsync(store, "a"))).Message, StringComparison.Ordinal);
        }

        disk.Protect(isReadOnly: false);
    }

    private static async Task<IEnumerable<string>> FindAsync(IVectorStore store, string text) =>
        (await store.SearchWordsAsync([new Document("q") { Text = text }], new VectorSearch(), default))[0].Select(match => match.Id).Order(StringComparer.Ordinal);

    private static Document Titled(string id, string? text, JsonNode? title)
    {
        var document = Doc(id, 1, id[0]);
        (document.Text, document.Uri, document.Tags["title"]) = (text, $"{id}.jpg", title);
        return document;
    }

    private SqliteVectorStore Open(params string[] fields) =>
        SqliteVectorStore.Acquire(_folder.Path, new StoreOptions(TextFields: string.Join('\n', fields)));

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder.At("index.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
