using System.Text.Json.Nodes;
using FlowKit.Executors.Graph;
using FlowKit.Tests;
using FlowKit.VectorStores;
using Microsoft.Data.Sqlite;

namespace FlowKit.Executors.Tests.Indexing.Mapped;

/// <summary>An index that is opened from its map answers as one that reads its rows, and does so wherever the map is in doubt.</summary>
public sealed class IndexMapTests : IDisposable
{
    private const int Dimension = 24;
    private static readonly StoreOptions s_mapped = new(TextFields: "text", MemmapThreshold: 1);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VectorMetric.Cosine, VectorPrecision.Float32, false)]
    [InlineData(VectorMetric.Dot, VectorPrecision.Float32, false)]
    [InlineData(VectorMetric.L2, VectorPrecision.Float32, false)]
    [InlineData(VectorMetric.Cosine, VectorPrecision.Int8, false)]
    [InlineData(VectorMetric.Cosine, VectorPrecision.Float16, false)]
    [InlineData(VectorMetric.L2, VectorPrecision.Float16, false)]
    [InlineData(VectorMetric.Cosine, VectorPrecision.Float16, true)]
    [InlineData(VectorMetric.Cosine, VectorPrecision.Float32, true)]
    [InlineData(VectorMetric.L2, VectorPrecision.Float32, true)]
    public async Task It_answers_as_before_without_reading_the_rows_and_goes_on_from_there(VectorMetric metric, VectorPrecision precision, bool graph)
    {
        var options = s_mapped with { Metric = metric, Precision = precision, Graph = graph ? new GraphOptions(8, 60, 40) : null };
        var known = new Dictionary<string, Document>(StringComparer.Ordinal);
        await WriteAsync(_folder.Path, options, known, 0, 2600);
        var before = await AnswersAsync(_folder.Path, options with { MemmapThreshold = null });

        // Rows that nobody reads may as well be damaged.
        await ExecuteAsync("CREATE TABLE saved AS SELECT row, embedding FROM rows; UPDATE rows SET embedding = zeroblob(length(embedding))");
        Assert.Equal(before, await AnswersAsync(_folder.Path, options));
        await ExecuteAsync("UPDATE rows SET embedding = (SELECT saved.embedding FROM saved WHERE saved.row = rows.row); DROP TABLE saved");

        for (var round = 0; round < 3; round++)
        {
            await using (var store = SqliteVectorStore.Acquire(_folder.Path, options))
            {
                await store.UpsertAsync([.. Make(round * 7, 20, seed: 90 + round), .. Make(2600 + (round * 10), 10)], default);
                await store.DeleteAsync([$"d{100 + round}", $"d{2600 + (round * 10)}"], default);
            }

            Make(round * 7, 20, seed: 90 + round).Concat(Make(2600 + (round * 10), 10)).ToList().ForEach(document => known[document.Id] = document);
            known.Remove($"d{100 + round}");
            known.Remove($"d{2600 + (round * 10)}");
            await CheckAsync(_folder.Path, options, known);
        }

        Assert.Single(Maps());
    }

    [Fact]
    public async Task What_was_killed_in_the_middle_is_opened_from_its_map_and_the_rows_since()
    {
        var known = new Dictionary<string, Document>(StringComparer.Ordinal);
        await WriteAsync(_folder.Path, s_mapped, known, 0, 400);
        await using var store = SqliteVectorStore.Acquire(_folder.Path, s_mapped);
        for (var round = 0; round < 12; round++)
        {
            // Two ids change places, so that a row has the document of another.
            await store.DeleteAsync(["d1", "d2"], default);
            await store.UpsertAsync([.. Make(400 + (round * 30), 30), .. Make(round % 2 == 0 ? 2 : 1, 1), .. Make(round % 2 == 0 ? 1 : 2, 1)], default);
            Make(400 + (round * 30), 30).ForEach(document => known[document.Id] = document);
            using var copy = new TestFolder();
            foreach (var path in Directory.GetFiles(_folder.Path).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
            {
                File.Copy(path, copy.At(Path.GetFileName(path)));
            }

            await CheckAsync(copy.Path, s_mapped, known);
        }

        Assert.Single(Maps());
    }

    [Fact]
    public async Task Two_hundred_damaged_maps_give_no_wrong_answer()
    {
        var options = s_mapped with { Graph = new GraphOptions(8, 60, 40) };
        var known = new Dictionary<string, Document>(StringComparer.Ordinal);
        await WriteAsync(_folder.Path, options, known, 0, 2100);
        var expected = await AnswersAsync(_folder.Path, s_mapped with { MemmapThreshold = null });
        var map = Maps().Single();
        var whole = await File.ReadAllBytesAsync(map);
        var database = await File.ReadAllBytesAsync(_folder.At("index.db"));
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var damaged = (byte[])whole.Clone();
            if (i % 10 == 0)
            {
                damaged = damaged[..random.Next(damaged.Length)];
            }
            else
            {
                var at = i % 3 == 0 ? random.Next(4096) : random.Next(damaged.Length);
                damaged[at] ^= (byte)(1 << random.Next(8));
            }

            Maps().ForEach(File.Delete);
            await File.WriteAllBytesAsync(_folder.At("index.db"), database);
            await File.WriteAllBytesAsync(map, damaged);
            Assert.Equal(expected, await AnswersAsync(_folder.Path, s_mapped with { MemmapThreshold = 1_000_000 }));
        }
    }

    [Fact]
    public async Task A_map_that_is_not_what_the_database_says_is_passed_over()
    {
        var known = new Dictionary<string, Document>(StringComparer.Ordinal);
        await WriteAsync(_folder.Path, s_mapped, known, 0, 300);
        var old = await File.ReadAllBytesAsync(Maps().Single());
        var name = Maps().Single();
        await WriteAsync(_folder.Path, s_mapped, known, 300, 300);
        Assert.NotEqual(name, Maps().Single());

        // A map of another moment under the name of this one, and rows that were changed without a note.
        await File.WriteAllBytesAsync(Maps().Single(), old);
        await CheckAsync(_folder.Path, s_mapped, known);
        await WriteAsync(_folder.Path, s_mapped, known, 600, 40);
        await ExecuteAsync("DELETE FROM changed");
        await CheckAsync(_folder.Path, s_mapped, known);
        Maps().ForEach(File.Delete);
        await CheckAsync(_folder.Path, s_mapped, known);
        Assert.Single(Maps());
    }

    [Fact]
    public async Task Snapshots_compaction_and_what_is_of_another_kind_do_without_it()
    {
        using var snapshot = new TestFolder();
        var known = new Dictionary<string, Document>(StringComparer.Ordinal);
        await WriteAsync(_folder.Path, s_mapped, known, 0, 300);
        await using (var store = SqliteVectorStore.Acquire(_folder.Path, s_mapped))
        {
            await store.SnapshotAsync(snapshot.Path, default);
            await store.DeleteAsync([.. known.Keys.Take(250)], default);
            await store.RestoreAsync(snapshot.Path, default);
        }

        await CheckAsync(_folder.Path, s_mapped, known);
        await CheckAsync(snapshot.Path, s_mapped, known);
        await CheckAsync(_folder.Path, s_mapped with { Metric = VectorMetric.L2 }, known);
        foreach (var precision in (VectorPrecision[])[VectorPrecision.Float16, VectorPrecision.Float32])
        {
            await CheckAsync(_folder.Path, s_mapped with { Precision = precision }, known);
            Assert.Equal(precision.ToString().ToLowerInvariant(), IndexFolder.MapPrecisionOf(_folder.Path));
            var answers = await AnswersAsync(_folder.Path, s_mapped with { Precision = precision, MemmapThreshold = null });
            Assert.Equal(answers, await AnswersAsync(_folder.Path, s_mapped with { Precision = precision }));
        }

        Assert.Equal(0, IndexFolder.Compact(_folder.Path));
        Assert.Empty(Maps());
        await CheckAsync(_folder.Path, s_mapped, known);
        Assert.Single(Maps());
        await using (var store = SqliteVectorStore.Acquire(_folder.Path, s_mapped))
        {
            await store.DeleteAsync([.. known.Keys], default);
            await store.UpsertAsync([new Document("a") { Embedding = NdArray.Wrap([1f, 0]) }, new Document("b") { Embedding = NdArray.Wrap([0f, 1]) }], default);
        }

        await using var other = SqliteVectorStore.Acquire(_folder.Path, s_mapped);
        Assert.Equal(["b", "a"], (await other.SearchAsync([new Document { Embedding = NdArray.Wrap([0f, 1]) }], new VectorSearch(), default))[0].Select(match => match.Id));
    }

    [Fact]
    public async Task Who_looks_at_every_row_passes_it_over_and_notes_what_is_written()
    {
        var known = new Dictionary<string, Document>(StringComparer.Ordinal);
        await WriteAsync(_folder.Path, s_mapped, known, 0, 300);
        await ExecuteAsync("UPDATE rows SET embedding = zeroblob(length(embedding)) WHERE id = 'd7'");
        await using (var store = IndexFolder.Open(_folder.Path))
        {
            Assert.Equal(["d7"], (await store.GetStatusAsync(default)).Damaged);
            await store.UpsertAsync([.. Make(7, 1), .. Make(300, 2)], default);
        }

        Make(300, 2).ForEach(document => known[document.Id] = document);
        await CheckAsync(_folder.Path, s_mapped, known);
    }

    [SmallDiskFact]
    public async Task A_disk_without_room_for_it_and_one_that_can_be_read_alone_are_no_errors()
    {
        using var disk = new SmallDisk(8192);
        var known = new Dictionary<string, Document>(StringComparer.Ordinal);
        await WriteAsync(disk.Path, s_mapped with { MemmapThreshold = null }, known, 0, 1800);
        string filler;
        await using (SqliteVectorStore.Acquire(disk.Path, s_mapped))
        {
            filler = disk.Fill();
        }

        Assert.Empty(Directory.GetFiles(disk.Path, "*.map"));
        File.Delete(filler);
        await CheckAsync(disk.Path, s_mapped, known);
        Assert.Single(Directory.GetFiles(disk.Path, "*.map"));

        using var room = new SmallDisk(8192);
        await WriteAsync(room.Path, s_mapped, known, 0, 1800);
        Assert.Single(Directory.GetFiles(room.Path, "*.map"));
        room.Protect(isReadOnly: true);
        await CheckAsync(room.Path, s_mapped, known);
        room.Protect(isReadOnly: false);
        await WriteAsync(room.Path, s_mapped, known, 1800, 10);
        await CheckAsync(room.Path, s_mapped, known);
    }

    [Fact]
    public async Task Searches_that_run_when_it_is_closed_end_before_it_is_unmapped()
    {
        var known = new Dictionary<string, Document>(StringComparer.Ordinal);
        await WriteAsync(_folder.Path, s_mapped, known, 0, 3000);
        for (var round = 0; round < 10; round++)
        {
            var store = SqliteVectorStore.Acquire(_folder.Path, s_mapped);
            var query = Make(round, 1)[0];
            var searches = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    try
                    {
                        Assert.Equal(query.Id, (await store.SearchAsync([query], new VectorSearch(), default))[0][0].Id);
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            })).ToArray();
            await Task.Delay(20);
            await store.DisposeAsync();
            await Task.WhenAll(searches).WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    private static List<Document> Make(int first, int count, int seed = 1) => [.. Enumerable.Range(first, count).Select(number =>
    {
        var random = new Random((seed * 100_000) + number);
        var document = new Document($"d{number}") { Text = $"text {number} of {seed}", Embedding = NdArray.Wrap(Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f).ToArray()) };
        document.Tags["number"] = number;
        return document;
    })];

    private static async Task WriteAsync(string folder, StoreOptions options, Dictionary<string, Document> known, int first, int count)
    {
        await using var store = SqliteVectorStore.Acquire(folder, options);
        await store.UpsertAsync(Make(first, count), default);
        Make(first, count).ForEach(document => known[document.Id] = document);
    }

    /// <summary>What ten queries find, with every score to its last bit.</summary>
    private static async Task<string> AnswersAsync(string folder, StoreOptions options)
    {
        await using var store = SqliteVectorStore.Acquire(folder, options);
        var found = await store.SearchAsync(Make(5000, 10), new VectorSearch { Limit = 20, Effort = 4000 }, default);
        var status = await store.GetStatusAsync(default);
        Assert.Equal((0, 0), (status.Damaged.Count, status.Lost));
        return string.Join('\n', found.SelectMany(list => list).Select(match => $"{match.Id} {match.Scores.Single().Value.Value:R} {match.Text}"));
    }

    private static async Task CheckAsync(string folder, StoreOptions options, Dictionary<string, Document> known)
    {
        await using var store = SqliteVectorStore.Acquire(folder, options);
        Assert.Equal(known.Count, (await store.GetStatusAsync(default)).Count);
        var filter = DocumentCondition.ParseFilter(JsonNode.Parse("""{"number": {"$lt": 1000000}}""")!);
        Assert.Equal(known.Count, await store.CountAsync(filter, default));
        List<Document> asked = [.. known.Values.Where((_, i) => i % 37 == 0 || i > known.Count - 40)];
        var found = await store.SearchAsync(asked, new VectorSearch { Limit = 1, Fields = FieldSelection.WithEmbedding, Effort = 400 }, default);
        foreach (var (document, matches) in asked.Zip(found))
        {
            if (options.Metric != VectorMetric.Dot)
            {
                Assert.Equal((document.Id, document.Text), (matches.Single().Id, matches.Single().Text));
                Assert.Equal(document.Embedding!.ToFloats(), matches.Single().Embedding!.ToFloats());
            }
        }
    }

    private List<string> Maps() => [.. Directory.GetFiles(_folder.Path, "*.map")];

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder.At("index.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
