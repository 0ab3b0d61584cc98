using Microsoft.Data.Sqlite;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

public sealed class SlowDiskTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Whoever has the file's write lock keeps a write from ending, as a slow disk does.</summary>
    [Fact]
    public async Task A_search_does_not_wait_for_a_write_on_its_way_to_the_disk()
    {
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        index.Index(Doc("a", 1, 0));
        await using var disk = new SqliteConnection($"Data Source={_folder.At("index.db")};Pooling=False");
        await disk.OpenAsync();
        await using (var busy = disk.BeginTransaction())
        {
            var write = Task.Run(() => index.Index(Doc("a", 0, 1), Doc("b", 1, 1)));
            for (var i = 0; i < 20; i++)
            {
                await Task.Delay(10);
                var match = index.Search(Doc("q", 1, 0), embeddings: true).Matches.Single();
                Assert.Equal(("a", 1f), (match.Id, match.Scores["cosine"].Value));
                Assert.Equal([1f, 0f], match.Embedding!.ToFloats());
                Assert.Equal(1, index.Count);
            }

            Assert.False(write.IsCompleted);
            await busy.RollbackAsync();
            await write;
        }

        Assert.Equal(["a", "b"], index.Ids(Doc("q", 0, 1)));
    }

    [Fact]
    public async Task The_log_beside_the_index_stays_small_however_much_is_written()
    {
        const int Written = 40 << 20;
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        var vector = new float[4096];
        for (var i = 0; i < Written / (sizeof(float) * vector.Length); i++)
        {
            vector[i % vector.Length] = i + 1;
            index.Index(Doc($"{i % 500}", vector));
            Assert.Single(index.Search(Doc("q", vector), 1).Matches);
        }

        Assert.InRange(new FileInfo(_folder.At("index.db-wal")).Length, 1, 8 << 20);
        Assert.Equal(500, index.Count);
    }
}
