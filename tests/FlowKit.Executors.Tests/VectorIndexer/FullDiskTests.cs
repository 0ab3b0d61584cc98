using FlowKit.Tests;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>An index whose disk is full or read-only is searched on, says why it cannot be written, and is written again when it can be.</summary>
public sealed class FullDiskTests
{
    private const int Dimension = 512;

    [SmallDiskFact]
    public async Task A_full_disk_is_told_searches_go_on_and_so_do_writes_when_there_is_room()
    {
        using var disk = new SmallDisk(2048);
        var acknowledged = new List<string>();
        await using (var index = await IndexUnderTest.OpenAsync(disk.Path))
        {
            var full = IndexUntilFull(index, acknowledged);
            Assert.Equal(FlowErrorCode.ResourceExhausted, full.Error.Code);
            Assert.Contains($"'{disk.At("index.db")}' cannot be written: the disk is full", full.Message, StringComparison.Ordinal);
            for (var i = 0; i < 5; i++)
            {
                var again = Assert.Throws<FlowKitException>(() => index.Indexer.Index(Batch(1000, 50)));
                Assert.Equal((FlowErrorCode.ResourceExhausted, full.Message), (again.Error.Code, again.Message));
                AssertAllThere(index, acknowledged);
            }

            disk.Resize(64 * 1024);
            index.Index([.. Batch(2000, 50)]);
            acknowledged.AddRange(Batch(2000, 50).Select(document => document.Id));
            AssertAllThere(index, acknowledged);
            Assert.Equal(1, index.Delete(acknowledged[0]));
            acknowledged.RemoveAt(0);
        }

        await using var later = await IndexUnderTest.OpenAsync(disk.Path);
        AssertAllThere(later, acknowledged);
    }

    [SmallDiskFact]
    public async Task An_index_that_is_disposed_on_a_full_disk_leaves_no_lock_and_opens_again_with_everything()
    {
        using var disk = new SmallDisk(2048);
        var acknowledged = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            await using var index = await IndexUnderTest.OpenAsync(disk.Path);
            AssertAllThere(index, acknowledged);
            IndexUntilFull(index, acknowledged, first: round * 1000);
            disk.Fill();
        }

        File.Delete(disk.At("filler"));
        disk.Resize(64 * 1024);
        await using var later = await IndexUnderTest.OpenAsync(disk.Path);
        AssertAllThere(later, acknowledged);
        later.Index([.. Batch(9000, 50)]);
    }

    [SmallDiskFact]
    public async Task An_index_on_a_disk_that_is_full_already_can_be_searched_and_is_written_when_there_is_room()
    {
        using var disk = new SmallDisk(2048);
        await using (var index = await IndexUnderTest.OpenAsync(disk.Path))
        {
            index.Index([.. Batch(0, 20)]);
        }

        var filler = disk.Fill();
        await using var full = await IndexUnderTest.OpenAsync(disk.Path);
        Assert.Equal(20, full.Count);
        Assert.Equal("d7", full.Ids(Doc("q", Vector(7)), 1).Single());
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(FlowErrorCode.ResourceExhausted, Assert.Throws<FlowKitException>(() => full.Indexer.Index(Batch(100, 50))).Error.Code);
            Assert.Equal("d7", full.Ids(Doc("q", Vector(7)), 1).Single());
        }

        File.Delete(filler);
        full.Index([.. Batch(100, 5)]);
        Assert.Equal(25, full.Count);
        Assert.Equal("d102", full.Ids(Doc("q", Vector(102)), 1).Single());
    }

    [SmallDiskFact]
    public async Task An_index_in_a_read_only_folder_can_be_searched_and_is_written_when_that_is_allowed()
    {
        using var disk = new SmallDisk(2048);
        var folder = Directory.CreateDirectory(disk.At("a b#c?d%20é")).FullName;
        await using (var index = await IndexUnderTest.OpenAsync(folder))
        {
            index.Index([.. Batch(0, 20)]);
        }

        disk.Protect(isReadOnly: true);
        await using var only = await IndexUnderTest.OpenAsync(folder);
        Assert.Equal("d7", only.Ids(Doc("q", Vector(7)), 1).Single());
        var refused = Assert.Throws<FlowKitException>(() => only.Indexer.Index(Batch(100, 1)));
        Assert.Equal(FlowErrorCode.FailedPrecondition, refused.Error.Code);
        Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
        Assert.Equal("d7", only.Ids(Doc("q", Vector(7)), 1).Single());

        disk.Protect(isReadOnly: false);
        only.Index([.. Batch(100, 1)]);
        Assert.Equal(21, only.Count);
        Assert.Equal("d100", only.Ids(Doc("q", Vector(100)), 1).Single());
    }

    [SmallDiskFact]
    public async Task In_a_flow_a_full_disk_fails_writes_alone_and_restarts_nothing()
    {
        using var disk = new SmallDisk(1024);
        await using var flow = await TestFlow.StartAsync($"- {{ name: indexer, uses: VectorIndexer, replicas: 2, failure_threshold: 2, workspace: '{disk.Path}' }}");
        var failures = new List<FlowError>();
        for (var i = 0; i < 20; i++)
        {
            if ((await flow.ReplyAsync("/index", Batch(i * 50, 50))).Error is { } error)
            {
                failures.Add(error);
            }

            Assert.Null((await flow.ReplyAsync("/search", [Doc("q", Vector(7))])).Error);
            Assert.Null((await flow.ReplyAsync("/status", [])).Error);
        }

        Assert.InRange(failures.Count, 10, 20);
        Assert.All(failures, error => Assert.Equal((FlowErrorCode.ResourceExhausted, "indexer"), (error.Code, error.Executor)));
        disk.Resize(64 * 1024);
        Assert.Null((await flow.ReplyAsync("/index", Batch(5000, 50))).Error);
        Assert.True(flow.Health[0] is { Restarts: 0, Ready: 2, IsOpen: false });
    }

    [SmallDiskFact]
    public async Task A_snapshot_that_finds_no_room_says_so_and_the_index_goes_on()
    {
        using var folder = new TestFolder();
        using var disk = new SmallDisk(64);
        await using var index = await IndexUnderTest.OpenAsync(folder.Path);
        index.Index([.. Batch(0, 100)]);

        var full = await Assert.ThrowsAsync<FlowKitException>(() => index.Indexer.SnapshotAsync(disk.Path, CancellationToken.None));

        Assert.Equal(FlowErrorCode.ResourceExhausted, full.Error.Code);
        Assert.Contains($"'{disk.At("index.db")}' cannot be written: the disk is full", full.Message, StringComparison.Ordinal);
        index.Index([.. Batch(100, 1)]);
        Assert.Equal(101, index.Count);
    }

    private static FlowKitException IndexUntilFull(IndexUnderTest index, List<string> acknowledged, int first = 0)
    {
        for (var next = first; ; next += 10)
        {
            Assert.InRange(next, first, first + 900);
            var batch = Batch(next, 10);
            try
            {
                index.Indexer.Index(batch);
                acknowledged.AddRange(batch.Select(document => document.Id));
            }
            catch (FlowKitException exception)
            {
                return exception;
            }
        }
    }

    private static void AssertAllThere(IndexUnderTest index, List<string> ids)
    {
        Assert.Equal(ids.Count, index.Count);
        foreach (var id in ids)
        {
            Assert.Equal(id, index.Ids(Doc("q", Vector(int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture))), 1).Single());
        }
    }

    private static DocumentArray Batch(int first, int count) => [.. Enumerable.Range(first, count).Select(i => Doc($"d{i}", Vector(i)))];

    private static float[] Vector(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
