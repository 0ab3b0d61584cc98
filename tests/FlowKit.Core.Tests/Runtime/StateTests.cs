using System.Globalization;
using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Runtime;

public sealed class StateTests
{
    private const string Flow = "jtype: Flow\nexecutors:\n  - {name: pass, uses: Scripted}\n  - {name: sum, uses: Summing, shards: 2, polling: {/add: all, /read: all}}\n";

    [Executor("Summing")]
    public sealed class Summing : Executor
    {
        private int _sum;
        private int _writing;

        [Requests("/add"), Write]
        public async Task AddAsync(DocumentArray documents)
        {
            if (Interlocked.Increment(ref _writing) != 1)
            {
                throw new InvalidOperationException("two writes at once");
            }

            var sum = _sum;
            await Task.Yield();
            _sum = sum + documents.Count;
            Interlocked.Decrement(ref _writing);
        }

        [Requests("/read")]
        public object Read() => new { sum = _sum };

        public override async Task SnapshotAsync(string folder, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _writing) != 1)
            {
                throw new InvalidOperationException("a write while the snapshot is written");
            }

            try
            {
                var sum = _sum;
                await Task.Delay(20, cancellationToken);
                await File.WriteAllTextAsync(Path.Combine(folder, "sum"), sum.ToString(CultureInfo.InvariantCulture), cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _writing);
            }
        }

        public override async Task RestoreAsync(string folder, CancellationToken cancellationToken) =>
            _sum = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "sum"), cancellationToken), CultureInfo.InvariantCulture);
    }

    private static Task<TestFlow> StartAsync() => TestFlow.StartAsync(Flow, typeof(Summing));

    private static async Task<int> SumAsync(TestFlow flow) => (await flow.PostAsync("/read", new Document())).Results!["sum/shard-0/rep-0"]!["sum"]!.GetValue<int>();

    [SmallDiskFact]
    public async Task A_snapshot_on_a_full_disk_is_told_leaves_nothing_and_is_written_when_there_is_room()
    {
        using var disk = new SmallDisk(64);
        await using var flow = await StartAsync();
        await flow.PostAsync("/add", new Document());
        var folder = disk.At("snapshot");
        Directory.CreateDirectory(disk.At("snapshot.unfinished/sum/0"));
        await File.WriteAllTextAsync(disk.At("snapshot.unfinished/sum/0/left"), "by one that was killed");
        var filler = disk.Fill();

        var full = await Assert.ThrowsAsync<FlowKitException>(() => flow.Runtime.SnapshotAsync(folder, CancellationToken.None).WithTimeout());

        Assert.Equal((FlowErrorCode.ResourceExhausted, $"The snapshot '{folder}' cannot be written: the disk is full; free some space, or name a folder on another disk"), (full.Error.Code, full.Message));
        Assert.Equal([filler], Directory.EnumerateFileSystemEntries(disk.Path));
        File.Delete(filler);
        Assert.Equal(["sum"], await flow.Runtime.SnapshotAsync(folder, CancellationToken.None).WithTimeout());
        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(folder, "sum", "0", "sum")));
        Assert.False(File.Exists(Path.Combine(folder, "sum", "0", "left")));
    }

    [Fact]
    public async Task What_a_snapshot_holds_comes_back_with_restore()
    {
        await using var flow = await StartAsync();
        var folder = Path.Combine(flow.Config.BaseDirectory, "snapshot");
        await flow.PostAsync("/add", new Document(), new Document());

        var written = await flow.Runtime.SnapshotAsync(folder, CancellationToken.None);
        await flow.PostAsync("/add", new Document());
        Assert.Equal(3, await SumAsync(flow));
        await flow.Runtime.RestoreAsync(folder, CancellationToken.None);

        Assert.Equal(["sum"], written);
        Assert.Equal(2, await SumAsync(flow));
        Assert.True(File.Exists(Path.Combine(folder, "sum", "1", "sum")));
    }

    [Fact]
    public async Task Writes_go_one_after_another_and_wait_while_a_snapshot_is_written()
    {
        await using var flow = await StartAsync();
        var adding = Enumerable.Range(0, 50).Select(_ => Task.Run(() => flow.PostAsync("/add", new Document()))).ToList();

        for (var i = 0; i < 3; i++)
        {
            await flow.Runtime.SnapshotAsync(Path.Combine(flow.Config.BaseDirectory, $"s{i}"), CancellationToken.None);
        }

        Assert.All(await Task.WhenAll(adding).WithTimeout(), reply => Assert.Null(reply.Error));
        Assert.Equal(50, await SumAsync(flow));
    }

    [Fact]
    public async Task Requests_wait_while_state_is_taken_back()
    {
        await using var flow = await StartAsync();
        var folder = Path.Combine(flow.Config.BaseDirectory, "snapshot");
        await flow.Runtime.SnapshotAsync(folder, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.Null((await flow.PostAsync("/read", new Document())).Error);
            }
        });

        for (var i = 0; i < 20; i++)
        {
            await flow.Runtime.RestoreAsync(folder, CancellationToken.None);
        }

        await stop.CancelAsync();
        await reading.WithTimeout();
    }

    [Fact]
    public async Task A_snapshot_is_never_written_over_and_one_that_lacks_a_shard_is_refused()
    {
        await using var flow = await StartAsync();
        var folder = Path.Combine(flow.Config.BaseDirectory, "snapshot");
        await flow.Runtime.SnapshotAsync(folder, CancellationToken.None);

        Assert.Contains("exists already", (await Assert.ThrowsAsync<FlowKitException>(() => flow.Runtime.SnapshotAsync(folder, CancellationToken.None))).Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(folder, "sum", "1"), recursive: true);
        Assert.Contains("shard 1 of 'sum'", (await Assert.ThrowsAsync<FlowKitException>(() => flow.Runtime.RestoreAsync(folder, CancellationToken.None))).Message, StringComparison.Ordinal);
    }
}
