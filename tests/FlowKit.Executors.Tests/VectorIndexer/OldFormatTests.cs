using System.Runtime.InteropServices;
using FlowKit.Tests;
using Microsoft.Data.Sqlite;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>An index of the first format is taken over when it is opened, and can be searched where nothing may be written.</summary>
public sealed class OldFormatTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_old_index_is_searched_written_and_opened_again()
    {
        await WriteOldAsync(_folder.At("index.db"));
        await using (var index = await IndexUnderTest.OpenAsync(_folder.Path))
        {
            Assert.Equal(["a", "c", "b"], index.Ids(Of("m@1", Doc("q", 1, 0))));
            Assert.Equal("text of c", index.Search(Of("m@1", Doc("q", 1, 1)), 1).Matches[0].Text);
            index.Index(Of("m@1", Doc("d", 1, 0.1f)));
            Assert.Equal(1, index.Delete("a"));
        }

        await using var again = await IndexUnderTest.OpenAsync(_folder.Path);
        Assert.Equal(["d", "c", "b"], again.Ids(Of("m@1", Doc("q", 1, 0))));
        Assert.Equal((0, 0), (again.Status.GetProperty("damaged").GetArrayLength(), again.Status.GetProperty("lost").GetInt32()));
    }

    [Fact]
    public async Task A_snapshot_of_the_old_format_is_taken_back()
    {
        using var snapshot = new TestFolder();
        await WriteOldAsync(snapshot.At("index.db"));
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        index.Index(Doc("other", 1, 0, 0));
        await index.Indexer.RestoreAsync(snapshot.Path, CancellationToken.None);
        Assert.Equal(["a", "c", "b"], index.Ids(Of("m@1", Doc("q", 1, 0))));
        index.Index(Of("m@1", Doc("d", 1, 0.1f)));
        Assert.Equal(4, index.Count);
    }

    [SmallDiskFact]
    public async Task An_old_index_in_a_read_only_folder_can_be_searched()
    {
        using var disk = new SmallDisk(2048);
        await WriteOldAsync(disk.At("index.db"));
        disk.Protect(isReadOnly: true);
        await using (var only = await IndexUnderTest.OpenAsync(disk.Path))
        {
            Assert.Equal(["a", "c", "b"], only.Ids(Of("m@1", Doc("q", 1, 0))));
        }

        disk.Protect(isReadOnly: false);
    }

    private static async Task WriteOldAsync(string path)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync();
        await ExecuteAsync("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
        await ExecuteAsync("CREATE TABLE documents (id TEXT PRIMARY KEY, document BLOB NOT NULL, embedding BLOB NOT NULL)");
        await ExecuteAsync("INSERT INTO meta VALUES ('format', '1'), ('dimension', '2'), ('model', 'm@1')");
        foreach (var (id, vector) in new[] { ("gone", new float[] { 1, 0 }), ("a", [1, 0]), ("b", [0, 1]), ("c", [1, 1]) })
        {
            await ExecuteAsync(
                "INSERT INTO documents VALUES ($id, $document, $embedding)",
                ("$id", id),
                ("$document", System.Text.Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","text":"text of {{id}}"}""")),
                ("$embedding", MemoryMarshal.AsBytes(vector.AsSpan()).ToArray()));
        }

        await ExecuteAsync("DELETE FROM documents WHERE id = 'gone'");

        async Task ExecuteAsync(string sql, params (string Name, object Value)[] values)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, value) in values)
            {
                command.Parameters.AddWithValue(name, value);
            }

            await command.ExecuteNonQueryAsync();
        }
    }
}
