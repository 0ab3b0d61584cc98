using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FlowKit.TestKit;

namespace FlowKit.Runtime.Requests;

public sealed class ParameterCheckTests
{
    private const string Flow = """
        jtype: Flow
        executors:
          - {name: encoder, uses: ParameterEncoder}
          - {name: indexer, uses: ParameterIndexer}
        """;

    [Theory]
    [InlineData("""{"limt": 3}""", "parameters.limt: it is read by no executor that answers '/search'; did you mean 'limit'?")]
    [InlineData("""{"filter": {}}""", "they read batch_size, limit")]
    [InlineData("""{"indexer__limt": 3}""", "parameters.indexer__limt: it is read by no executor")]
    [InlineData("""{"encoder__limit": 3}""", "parameters.encoder__limit: it is read by no executor")]
    [InlineData("""{"indexr__limit": 3}""", "an executor 'indexr', which the flow does not have; did you mean 'indexer'?")]
    [InlineData("""{"indexer": {"limt": 3}}""", "parameters.indexer.limt: it is read by no executor")]
    [InlineData("""{"limit": 3, "topk": 1}""", "parameters.topk")]
    public async Task What_nobody_on_the_way_reads_is_refused(string parameters, string expected)
    {
        var reply = await SendAsync("/search", parameters);

        Assert.Equal(FlowErrorCode.InvalidArgument, reply.Error!.Code);
        Assert.Contains(expected, reply.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/search", """{"limit": 3, "batch_size": 2}""")]
    [InlineData("/search", """{"LIMIT": 3}""")]
    [InlineData("/search", """{"indexer__limit": 3, "encoder": {"batch_size": 1}, "__results__": {"a": 1}}""")]
    [InlineData("/any", """{"whatever": 1}""")]
    [InlineData("/rest", """{"whatever": 1}""")]
    [InlineData("_jina_dry_run_", """{"whatever": 1}""")]
    public async Task What_somebody_may_read_passes(string endpoint, string parameters) =>
        Assert.Null((await SendAsync(endpoint, parameters)).Error);

    [Fact]
    public async Task Only_the_executors_that_a_request_targets_count()
    {
        Assert.Null((await SendAsync("/search", """{"limit": 3}""", "index")).Error);
        var reply = await SendAsync("/search", """{"limit": 3}""", "encod");
        Assert.Equal(
            "parameters.limit: it is read by no executor that answers '/search'; they read batch_size.", reply.Error!.Message);
    }

    [Fact]
    public async Task Methods_that_read_none_say_so()
    {
        var reply = await SendAsync("/status", """{"verbose": true}""");

        Assert.Equal("parameters.verbose: it is read by no executor that answers '/status'; they read none.", reply.Error!.Message);
    }

    [Fact]
    public async Task A_refused_request_leaves_nothing_behind()
    {
        await using var flow = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull((await SendAsync(flow, "/search", """{"limt": 3}""", "")).Error);
        }

        Assert.Equal(0, flow.Runtime.InFlight);
        Assert.Null((await SendAsync(flow, "/search", """{"limit": 3}""", "")).Error);
    }

    private static Task<TestFlow> StartAsync() =>
        TestFlow.StartAsync(Flow, typeof(ParameterEncoder), typeof(ParameterIndexer));

    private static async Task<FlowResponse> SendAsync(string endpoint, string parameters, string target = "")
    {
        await using var flow = await StartAsync();
        return await SendAsync(flow, endpoint, parameters, target);
    }

    private static Task<FlowResponse> SendAsync(TestFlow flow, string endpoint, string parameters, string target) =>
        flow.Runtime.SendAsync(
            new FlowRequest(endpoint, [new Document("1")])
            {
                Parameters = new Parameters(JsonNode.Parse(parameters)!.AsObject()),
                TargetExecutor = target,
            },
            default).WithTimeout();

    public sealed class ParameterEncoder : Executor
    {
        [Requests("/search", "/index")]
        public static void Encode([Reads(typeof(EncodeParameters))] Parameters parameters) => parameters.Get<int?>("batch_size");

        [Requests("/any")]
        public static void Any(Parameters parameters) => parameters.Get<int?>("whatever");
    }

    public sealed class ParameterIndexer : Executor
    {
        [Requests("/search")]
        public static void Search(SearchParameters parameters) => ArgumentNullException.ThrowIfNull(parameters);

        [Requests("/status")]
        public static object Status() => new { };

        [Requests("/rest")]
        public static void Rest(OpenParameters parameters) => ArgumentNullException.ThrowIfNull(parameters);
    }

    public sealed class EncodeParameters
    {
        public int? BatchSize { get; set; }
    }

    public sealed class SearchParameters
    {
        public int? Limit { get; set; }
    }

    public sealed class OpenParameters
    {
        [JsonExtensionData]
        public Dictionary<string, object>? Rest { get; set; }
    }
}
