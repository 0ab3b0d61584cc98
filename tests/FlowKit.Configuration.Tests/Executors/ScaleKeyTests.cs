using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Executors;

public class ScaleKeyTests
{
    private static readonly FlowConfig Flow = FlowConfigReader.Read(FlowFiles.Valid("scale.yml"));

    [Fact]
    public void Shards_and_what_stands_around_them_are_read()
    {
        var index = Flow.Executors[1];
        Assert.Equal((2, 3, true, "Sifter", "./merge.cs"), (index.Replicas, index.Shards, index.FailOnShardError, index.UsesBefore, index.UsesAfter));
        Assert.Equal([2, 3, 2, 2, 1], Flow.Executors.Select(executor => executor.Shards));
    }

    [Theory]
    [InlineData("words", "/search", PollingMode.All)]
    [InlineData("words", "/index", PollingMode.Any)]
    [InlineData("words", "/add", PollingMode.All)]
    [InlineData("index", "/search", PollingMode.All)]
    [InlineData("index", "/index", PollingMode.Hash)]
    [InlineData("index", "/add", PollingMode.Any)]
    [InlineData("json", "/search", PollingMode.Any)]
    [InlineData("json", "/add", PollingMode.All)]
    [InlineData("json", "/index", PollingMode.Hash)]
    [InlineData("python", "/search", PollingMode.Any)]
    [InlineData("python", "/update", PollingMode.All)]
    [InlineData("mapped", "/search", PollingMode.All)]
    [InlineData("mapped", "/add", PollingMode.Any)]
    public void Polling_is_a_word_a_mapping_or_json(string name, string endpoint, PollingMode expected) =>
        Assert.Equal(expected, Flow.Executors.Single(executor => executor.Name == name).Polling.For(endpoint));

    [Fact]
    public void Batches_are_read_by_endpoint_and_by_method() => Assert.Equal(
        new Dictionary<string, BatchingConfig>
        {
            ["/index"] = new(32, TimeSpan.FromMilliseconds(10), 64),
            ["Search"] = new(8, TimeSpan.Zero),
        },
        Flow.Executors[1].DynamicBatching);

    [Fact]
    public void The_entrys_batches_go_over_those_of_its_uses() => Assert.Equal(
        new Dictionary<string, BatchingConfig> { ["/encode"] = new(16, TimeSpan.Zero), ["Rank"] = new(5, TimeSpan.Zero) },
        Flow.Executors[4].DynamicBatching);

    [Fact]
    public void Bounds_and_supervision_are_read()
    {
        var index = Flow.Executors[1];
        Assert.Equal((512, 64_000_000L), (index.Capacity, index.CapacityBytes));
        Assert.Equal((TimeSpan.FromSeconds(2), 2, 3), (index.TimeoutExecutor, index.Retries, index.FailureThreshold));
        Assert.Equal(["OutOfMemoryException", "System.Net.Sockets.SocketException"], index.ExitOnExceptions);
        var other = Flow.Executors[3];
        Assert.Equal((4096, null), (other.Capacity, other.CapacityBytes));
        Assert.Equal((null, -1, 5), (other.TimeoutExecutor, other.Retries, other.FailureThreshold));
        Assert.Empty(other.ExitOnExceptions);
    }

    [Fact]
    public void Gpus_are_a_count_a_list_or_all()
    {
        Assert.Equal([null, null, "2", "device=GPU-1,device=GPU-2,driver=nvidia", "all"], Flow.Executors.Select(executor => executor.Gpus));
        Assert.Equal("cpu", Flow.Executors[3].Fallback);
    }

    [Fact]
    public void Reload_is_the_flows_unless_an_executor_says_otherwise()
    {
        Assert.True(Flow.Reload);
        Assert.Equal([true, false, true, true, true], Flow.Executors.Select(executor => executor.Reload));
    }

    [Fact]
    public void Executors_inherit_what_stands_under_with()
    {
        var flow = FlowConfigReader.Read(FlowFiles.Valid("inherited.yml"));
        var (inherits, overrides) = (flow.Executors[0], flow.Executors[1]);
        Assert.Equal((2, PollingMode.All, 0, TimeSpan.FromMilliseconds(500)), (inherits.Shards, inherits.Polling.For("/add"), inherits.Retries, inherits.TimeoutExecutor));
        Assert.Equal((1 << 20, "./merge.cs", true), (inherits.CapacityBytes, inherits.UsesAfter, inherits.Reload));
        Assert.Equal(["OutOfMemoryException"], inherits.ExitOnExceptions);
        Assert.Equal((1, PollingMode.Any, -1, null), (overrides.Shards, overrides.Polling.For("/add"), overrides.Retries, overrides.TimeoutExecutor));
        Assert.Equal((1 << 20, false), (overrides.CapacityBytes, overrides.Reload));
        Assert.Empty(overrides.ExitOnExceptions);
        Assert.Equal(1024, flow.Gateway.Capacity);
    }

    [Theory]
    [InlineData("executors.words.parallel", "3")]
    [InlineData("executors.index.shards", "3")]
    [InlineData("executors.json.polling", "ALL")]
    [InlineData("executors.json.polling", "{'*': all}")]
    [InlineData("executors.index.uses_dynamic_batching", "{/index: {preferred_batch_size: 2}}")]
    public void They_can_be_set_over_the_file(string path, string value) =>
        Assert.NotNull(FlowConfigReader.Read(FlowFiles.Valid("scale.yml"), new FlowReadOptions { Overrides = new Dictionary<string, string> { [path] = value } }));
}
