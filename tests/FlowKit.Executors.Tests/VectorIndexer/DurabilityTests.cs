using System.Globalization;
using FlowKit.DummyExecutor;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

public sealed class DurabilityTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_restart_keeps_everything()
    {
        string[] ids = ["a", "日本語 🍎", new('x', 5_000)];
        await using (var index = await IndexUnderTest.OpenAsync(_folder.Path))
        {
            index.Index([.. ids.Select((id, i) => Of("m@1", Doc(id, 1, i)))]);
            index.Index(Of("m@1", Doc("gone", 5, 5)));
            index.Delete("gone");
        }

        await using var again = await IndexUnderTest.OpenAsync(_folder.Path);
        Assert.Equal(("m@1", 3), (again.Status.GetProperty("model").GetString(), again.Count));
        Assert.Equal(ids, again.Ids(Of("m@1", Doc("q", 1, 0))));
        Assert.Equal([1f, 2f], again.Search(Of("m@1", Doc("q", 1, 2)), 1, embeddings: true).Matches[0].Embedding!.ToFloats());
    }

    [Fact]
    public async Task One_replica_that_ends_twice_leaves_the_others_their_index()
    {
        await using var one = await IndexUnderTest.OpenAsync(_folder.Path);
        var two = await IndexUnderTest.OpenAsync(_folder.Path);
        await two.DisposeAsync();
        await two.DisposeAsync();
        one.Index(Doc("a", 1));
        Assert.Equal(1, one.Count);
    }

    [Fact]
    public async Task A_second_process_is_refused_until_the_first_has_ended()
    {
        using var other = IndexProcess.Start(_folder.Path, 0, 1);
        Assert.Equal("ready", await other.ReadAsync());
        Assert.Equal("doc-0", await other.ReadAsync());
        var error = await Assert.ThrowsAsync<FlowKitException>(() => IndexUnderTest.OpenAsync(_folder.Path));
        Assert.Equal(FlowErrorCode.FailedPrecondition, error.Error.Code);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("another process", error.Message, StringComparison.Ordinal);
        other.Kill();
        await other.EndAsync();
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        Assert.Equal(1, index.Count);
    }

    /// <summary>Kills fifty times in all; FLOWKIT_KILLS says how many for a longer run. With a map, many come while it is written.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    public async Task Nothing_that_was_acknowledged_is_lost_by_kill_9(int memmapThreshold)
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("FLOWKIT_KILLS") ?? "50", CultureInfo.InvariantCulture) / 2;
        var acknowledged = new List<int>();
        var random = new Random(17);
        for (var round = 0; round < kills; round++)
        {
            await RunAndKillAsync(round * 100_000, random.Next(20, 300), memmapThreshold, acknowledged);

            // It is closed without a map of its own, so that the next process finds what the killed one left.
            await using var index = await IndexUnderTest.OpenAsync(_folder.Path, new VectorIndexerOptions { MemmapThreshold = int.MaxValue });
            Assert.InRange(index.Count, acknowledged.Count, acknowledged.Count + round + 1);
            foreach (var number in acknowledged.TakeLast(400))
            {
                var match = index.Search(KnownDocument.Make(number), 1, embeddings: true).Matches.Single();
                Assert.Equal(($"doc-{number}", $"number {number}"), (match.Id, match.Text));
                Assert.Equal($"doc-{number}", index.Words($"{number}").Single());
                Assert.Equal(KnownDocument.Vector(number), match.Embedding!.ToFloats());
            }
        }

        Assert.True(acknowledged.Count > 20);
    }

    private async Task RunAndKillAsync(int first, int milliseconds, int memmapThreshold, List<int> acknowledged)
    {
        using var process = IndexProcess.Start(_folder.Path, first, 100_000, memmapThreshold);
        Assert.Equal("ready", await process.ReadAsync());
        using var killing = new Timer(_ => process.Kill(), null, milliseconds, Timeout.Infinite);
        while (await process.ReadAsync() is { } line)
        {
            // A line cut short by the kill is not an acknowledgement.
            if (int.TryParse(line.Replace("doc-", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var number) && number == first + acknowledged.Count(known => known >= first))
            {
                acknowledged.Add(number);
            }
        }

        await process.EndAsync();
    }
}
