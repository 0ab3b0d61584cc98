using FlowKit.TestKit;

namespace FlowKit.Serving.Remote;

/// <summary>Shards elsewhere: each is asked for itself, and one that is another says so.</summary>
public sealed class RemoteShardsTests
{
    [Fact]
    public async Task Every_shard_is_asked_at_its_own_address()
    {
        await using var first = await JournalWorker.StartAsync(shard: 0, shards: 2);
        await using var second = await JournalWorker.StartAsync(shard: 1, shards: 2);
        await using var flow = await StartAsync("all", first.Port, second.Port);

        for (var i = 0; i < 3; i++)
        {
            Assert.Null((await flow.PostAsync("/look", new Document("a"))).Error);
        }

        Assert.Equal((3, 3), (first.Journal.Seen("/look"), second.Journal.Seen("/look")));
        Assert.Equal([0, 1], flow.Runtime.Health.Select(pool => pool.Shard));
    }

    [Fact]
    public async Task A_worker_that_is_another_shard_is_an_error_that_names_both()
    {
        await using var first = await JournalWorker.StartAsync(shard: 0, shards: 2);
        await using var second = await JournalWorker.StartAsync(shard: 1, shards: 2);
        await using var flow = await StartAsync("all", second.Port, first.Port);

        var error = (await flow.PostAsync("/look", new Document("a"))).Error;

        Assert.Equal(FlowErrorCode.FailedPrecondition, error?.Code);
        Assert.Contains("this is shard 1 of 2 of", error!.Message, StringComparison.Ordinal);
        Assert.Contains("and not shard 0 of 2.", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (first.Journal.Seen("/look"), second.Journal.Seen("/look")));
        await TestTimeout.UntilAsync(() => !flow.Runtime.IsHealthy, "the wrong addresses to be told");
        Assert.Contains("and not shard 0 of 2.", flow.Runtime.Health[0].LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_of_another_number_of_shards_or_of_none_is_refused()
    {
        await using var whole = await JournalWorker.StartAsync();
        await using var third = await JournalWorker.StartAsync(shard: 1, shards: 3);
        await using var flow = await StartAsync("all", whole.Port, third.Port);

        Assert.Contains("which is no shard, and not shard 0 of 2.", (await flow.PostAsync("/look", new Document("a"))).Error!.Message, StringComparison.Ordinal);
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[1].LastError?.Contains("this is shard 1 of 3 of", StringComparison.Ordinal) == true, "the other number to be told");
    }

    [Fact]
    public async Task Who_names_no_shard_means_the_one_that_is_there()
    {
        await using var second = await JournalWorker.StartAsync(shard: 1, shards: 2);
        await using var flow = await TestFlow.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: {second.Port}}}\n", typeof(RemoteExecutor));

        Assert.Null((await flow.PostAsync("/look", new Document("a"))).Error);
        Assert.Equal(1, second.Journal.Seen("/look"));
    }

    [Fact]
    public async Task One_replica_of_a_shard_writes_and_all_are_read()
    {
        await using var writer = await JournalWorker.StartAsync(shard: 0, shards: 2);
        await using var reader = await JournalWorker.StartAsync(shard: 0, shards: 2);
        await using var other = await JournalWorker.StartAsync(shard: 1, shards: 2);
        await using var flow = await TestFlow.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, shards: 2, polling: all, host: [['localhost:{writer.Port}', 'localhost:{reader.Port}'], 'localhost:{other.Port}']}}\n",
            typeof(RemoteExecutor));

        for (var i = 0; i < 20; i++)
        {
            Assert.Null((await flow.PostAsync("/add", new Document("a"))).Error);
        }

        await TestTimeout.UntilAsync(
            async () => (await flow.PostAsync("/look", new Document("a"))).Error is null && reader.Journal.Seen("/look") > 0 && writer.Journal.Seen("/look") > 0,
            "reads at both");
        Assert.Equal((20, 0), (writer.Journal.Seen("/add"), reader.Journal.Seen("/add")));

        await writer.DisposeAsync();
        Assert.Null((await flow.PostAsync("/look", new Document("a"))).Error);
        var lost = await flow.PostAsync("/add", new Document("a"));
        Assert.Equal(1, (int)lost.Results!["far"]!["failed_shards"]!);
        Assert.Equal(0, reader.Journal.Seen("/add"));
    }

    [Theory]
    [InlineData("0/2", 0, 2)]
    [InlineData("11/12", 11, 12)]
    public void An_identity_is_read_as_it_is_written(string text, int index, int count)
    {
        Assert.Equal(new ShardIdentity(index, count), ShardIdentity.Parse(text));
        Assert.Equal(text, new ShardIdentity(index, count).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2/2")]
    [InlineData("-1/2")]
    [InlineData("1/2/3")]
    [InlineData("a/b")]
    public void Anything_else_is_none(string text) => Assert.Null(ShardIdentity.Parse(text));

    private static Task<TestFlow> StartAsync(string polling, params int[] ports) => TestFlow.StartAsync(
        $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, shards: {ports.Length}, polling: {polling}, port: [{string.Join(", ", ports)}]}}\n",
        typeof(RemoteExecutor));
}
