using System.Text.Json.Nodes;
using FlowKit.Serving.Remote;
using FlowKit.TestKit;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf;

namespace FlowKit.Serving.Gateway;

/// <summary>Exceptions on the wire, as Jina's clients read them.</summary>
public sealed class JinaErrorTests
{
    private const string Two = """{"data":[{"id":"x"},{"id":"y"}],"execEndpoint":"/bad"}""";

    private static Task<TestGateway> StartAsync(string executors, string gateway = "", CollectedLogs? logs = null) => TestGateway.StartAsync(
        $$"""
        jtype: Flow
        executors: [{{executors}}]
        gateway: {port: 0, protocol: http{{gateway}}}
        """,
        new TestFlowOptions { Executors = [typeof(JinaExecutor), typeof(RemoteExecutor)], Loggers = (Microsoft.Extensions.Logging.ILoggerFactory?)logs ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance });

    private static async Task<JsonNode> StatusAsync(TestGateway gateway, string body)
    {
        var (status, reply) = await gateway.AskAsync(body);
        Assert.True(status == System.Net.HttpStatusCode.OK, reply.ToJsonString());
        Assert.Equal(1, (int)reply["header"]!["status"]!["code"]!);
        return reply["header"]!["status"]!;
    }

    /// <summary>A worker of Jina's whose executor has raised.</summary>
    private static byte[] Raise(byte[] request)
    {
        var reply = DataRequestProto.Parser.ParseFrom(request);
        reply.Header.Status = new StatusProto
        {
            Code = StatusProto.Types.StatusCode.Error,
            Description = "ValueError('boom', 42)",
            Exception = new StatusProto.Types.ExceptionProto
            {
                Name = "ValueError",
                Args = { "boom", "42" },
                Stacks = { "Traceback (most recent call last):\n", "  File \"execs.py\", line 7, in fail\n    raise ValueError('boom', 42)\n", "ValueError: ('boom', 42)\n" },
                Executor = "Cap",
            },
        };
        return reply.ToByteArray();
    }

    [Fact]
    public async Task What_an_executor_throws_has_its_message_its_class_and_one_line_of_its_stack()
    {
        await using var gateway = await StartAsync("{name: a, uses: Cap}");

        var exception = (await StatusAsync(gateway, """{"data":[{}],"execEndpoint":"/fail"}"""))["exception"]!;

        Assert.Equal(
            """{"name":"InvalidOperationException","args":["boom 1"],"stacks":["InvalidOperationException: boom 1"],"executor":"Cap"}""",
            exception.ToJsonString());
    }

    [Fact]
    public async Task The_stack_is_told_where_the_gateway_shows_stacks()
    {
        await using var gateway = await StartAsync("{name: a, uses: Cap}", ", show_stacks: true");

        var stacks = (await StatusAsync(gateway, """{"data":[{}],"execEndpoint":"/fail"}"""))["exception"]!["stacks"]!.AsArray().Select(frame => (string)frame!).ToList();

        Assert.Equal("InvalidOperationException: boom 1", stacks[0]);
        Assert.Contains($"{nameof(JinaExecutor)}.{nameof(JinaExecutor.Fail)}", stacks[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", """["ValueError: ('boom', 42)"]""")]
    [InlineData(", show_stacks: true", """["Traceback (most recent call last):\n","  File \"execs.py\", line 7, in fail\n    raise ValueError('boom', 42)\n","ValueError: ('boom', 42)\n"]""")]
    public async Task A_Python_workers_exception_reaches_the_client_and_its_traceback_the_log(string gateway, string stacks)
    {
        using var logs = new CollectedLogs();
        await using var far = await RelayHost.StartAsync(Raise);
        await using var flow = await StartAsync($"{{name: pa, external: true, port: {far.Port}}}", gateway, logs);

        var status = await StatusAsync(flow, """{"data":[{"id":"x"}],"execEndpoint":"/fail"}""");

        var exception = status["exception"]!;
        Assert.Equal(
            ("ValueError('boom', 42)", "ValueError", """["boom","42"]""", "Cap"),
            ((string)status["description"]!, (string)exception["name"]!, exception["args"]!.ToJsonString(), (string)exception["executor"]!));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(stacks), exception["stacks"]), exception["stacks"]!.ToJsonString());
        Assert.Contains(logs.Lines, line => line.Contains("execs.py\", line 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bad_document_fails_alone_unless_its_executor_says_otherwise()
    {
        await using var alone = await StartAsync("{name: a, uses: Cap}");
        await using var whole = await StartAsync("{name: a, uses: Cap, fail_on_document_error: true}");

        var (_, reply) = await alone.AskAsync(Two);
        var status = await StatusAsync(whole, Two);

        Assert.Equal((null, "not an image"), ((string?)reply["header"]!["status"]?.ToJsonString(), (string?)reply["data"]![1]!["error"]!["description"]));
        Assert.Equal(("data[1] ('y'): not an image", "InvalidArgument"), ((string)status["description"]!, (string)status["exception"]!["name"]!));
        Assert.Equal("Cap", (string)status["exception"]!["executor"]!);
    }

    [Theory]
    [InlineData("", "/deep", "data[0].chunks[0] ('c'): not an image")]
    [InlineData(", uses_dynamic_batching: {/bad: {preferred_batch_size: 2}}", "/bad", "data[1] ('y'): not an image")]
    public async Task The_place_of_a_bad_document_is_told_in_chunks_and_batches_too(string settings, string endpoint, string expected)
    {
        await using var gateway = await StartAsync($"{{name: a, uses: Cap, fail_on_document_error: true{settings}}}");

        var status = await StatusAsync(gateway, $$"""{"data":[{"id":"x","chunks":[{"id":"c"}]},{"id":"y"}],"execEndpoint":"{{endpoint}}"}""");

        Assert.Equal(expected, (string)status["description"]!);
    }
}
