using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;

namespace FlowKit.Serving.Gateway;

/// <summary>Small things in which a Jina user's client or test would notice a difference.</summary>
public sealed class JinaFidelityTests
{
    private static Task<TestGateway> StartAsync(string executors = "{name: a, uses: Cap}, {name: b, uses: Cap}", string protocol = "http") => TestGateway.StartAsync(
        $$"""
        jtype: Flow
        executors: [{{executors}}]
        gateway: {port: {{(protocol.StartsWith('[') ? "[0, 0]" : "0")}}, protocol: {{protocol}}}
        """,
        new TestFlowOptions { Executors = [typeof(JinaExecutor), typeof(IdleExecutor)] });

    private static async Task<JsonNode> AskAsync(TestGateway gateway, string body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var (status, answer) = await gateway.AskAsync(body);
        Assert.True(status == expected, $"{status}: {answer}");
        return answer;
    }

    private static long Milliseconds(JsonNode? time) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_profile_never_divides_by_zero_over_HTTP()
    {
        await using var gateway = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            var route = (await AskAsync(gateway, """{"data":[{}],"execEndpoint":"/upper"}"""))["routes"]![0]!;

            Assert.InRange(Milliseconds(route["endTime"]) - Milliseconds(route["startTime"]), 1, 60_000);
        }
    }

    [Fact]
    public async Task A_profile_never_divides_by_zero_over_a_socket()
    {
        await using var gateway = await StartAsync(protocol: "websocket");
        using var socket = await TestSocket.OpenAsync(gateway);
        for (var i = 0; i < 20; i++)
        {
            await socket.SendAsync("""{"data":[{}],"execEndpoint":"/upper"}""");
            var route = (await socket.ReceiveJsonAsync())!["routes"]![0]!;

            Assert.InRange(Milliseconds(route["end_time"]) - Milliseconds(route["start_time"]), 1, 60_000);
        }
    }

    [Fact]
    public async Task A_profile_never_divides_by_zero_over_gRPC()
    {
        await using var gateway = await StartAsync(protocol: "grpc");
        for (var i = 0; i < 20; i++)
        {
            var route = (await SendAsync(gateway, "/upper", new Document())).Routes[0];

            Assert.InRange(route.EndTime!.Value.ToUnixTimeMilliseconds() - route.StartTime!.Value.ToUnixTimeMilliseconds(), 1, 60_000);
        }
    }

    [Fact]
    public async Task An_executor_that_lets_a_request_pass_has_an_end()
    {
        await using var gateway = await StartAsync("{name: a, uses: Cap}, {name: b, uses: Idle}");

        var routes = (await AskAsync(gateway, """{"data":[{}],"execEndpoint":"/upper"}"""))["routes"]!.AsArray();

        var passed = routes.Single(route => (string?)route!["executor"] == "b")!;
        Assert.Equal((string?)passed["startTime"], (string?)passed["endTime"]);
    }

    [Fact]
    public async Task Results_stand_under_the_name_of_the_pod_and_hold_parameters_as_a_mapping()
    {
        await using var gateway = await StartAsync("{name: a, uses: Cap}, {name: s, uses: Cap, shards: 2, polling: all}");

        var results = (await AskAsync(gateway, """{"data":[{}],"parameters":{"x":1},"execEndpoint":"/params"}"""))["parameters"]!["__results__"]!.AsObject();

        Assert.Equal(["a/rep-0", "s/shard-0/rep-0", "s/shard-1/rep-0"], results.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal("""{"x":1}""", results["a/rep-0"]!["got"]!.ToJsonString());
    }

    [Theory]
    [InlineData("[[true,false]]", "[[true,false]]")]
    [InlineData("[true,2]", "[1,2]")]
    [InlineData("[0.5,true]", "[0.5,1.0]")]
    [InlineData("[2,false]", "[2,0]")]
    [InlineData("true", "true")]
    [InlineData("7", "7")]
    [InlineData("[]", "[]")]
    public async Task Tensors_are_what_NumPy_makes_of_the_list(string sent, string expected)
    {
        await using var gateway = await StartAsync();

        var document = (await AskAsync(gateway, $$"""{"data":[{"tensor":{{sent}}}],"execEndpoint":"/upper"}"""))["data"]![0]!;

        Assert.Equal(expected, document["tensor"]!.ToJsonString());
    }

    [Fact]
    public async Task An_embedding_of_truth_values_is_numbers()
    {
        await using var gateway = await StartAsync();

        var document = (await AskAsync(gateway, """{"data":[{"embedding":[true,false]}],"execEndpoint":"/upper"}"""))["data"]![0]!;

        Assert.Equal("[1.0,0.0]", document["embedding"]!.ToJsonString());
    }

    [Theory]
    [InlineData("text", "5", "\"5\"")]
    [InlineData("text", "1.50", "\"1.50\"")]
    [InlineData("text", "true", "\"TRUE\"")]
    [InlineData("id", "7", "\"7\"")]
    [InlineData("mime_type", "3", "\"3\"")]
    [InlineData("weight", "\"0.5\"", "0.5")]
    [InlineData("granularity", "\"3\"", "3")]
    [InlineData("granularity", "3.0", "3")]
    public async Task Numbers_and_texts_are_taken_for_each_other(string field, string sent, string expected)
    {
        await using var gateway = await StartAsync();

        var document = (await AskAsync(gateway, $$"""{"data":[{"{{field}}":{{sent}}}],"execEndpoint":"/upper"}"""))["data"]![0]!;

        Assert.Equal(expected, document[field]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"data":[{"text":{"a":1}}]}""", """["body","data",0,"text"]""")]
    [InlineData("""{"data":{"docs":[{},{"chunks":[{"tags":5}]}]}}""", """["body","data","docs",1,"chunks",0,"tags"]""")]
    [InlineData("""{"data":[{"weight":"heavy"}]}""", """["body","data",0,"weight"]""")]
    [InlineData("""{"data":[],"parameters":[]}""", """["body","parameters"]""")]
    [InlineData("""{"data":"x"}""", """["body","data"]""")]
    public async Task A_wrong_type_is_422_with_the_path_in_items(string body, string location)
    {
        await using var gateway = await StartAsync();

        var detail = (await AskAsync(gateway, body, HttpStatusCode.UnprocessableEntity))["detail"]!.AsArray();

        Assert.Equal(location, detail.Single()!["loc"]!.ToJsonString());
    }

    [Fact]
    public async Task Nested_documents_know_their_depth_and_their_parent()
    {
        await using var gateway = await StartAsync();

        var document = (await AskAsync(
            gateway,
            """{"data":[{"id":"q","chunks":[{"id":"c","chunks":[{"id":"cc"}]},{"id":"d","granularity":4,"parent_id":"p"}],"matches":[{"id":"m","matches":[{"id":"mm"}]}]}],"execEndpoint":"/upper"}"""))["data"]![0]!;

        Assert.Equal((1, "q"), ((int)document["chunks"]![0]!["granularity"]!, (string?)document["chunks"]![0]!["parent_id"]));
        Assert.Equal((2, "c"), ((int)document["chunks"]![0]!["chunks"]![0]!["granularity"]!, (string?)document["chunks"]![0]!["chunks"]![0]!["parent_id"]));
        Assert.Equal((4, "p"), ((int)document["chunks"]![1]!["granularity"]!, (string?)document["chunks"]![1]!["parent_id"]));
        Assert.Equal((1, 2), ((int)document["matches"]![0]!["adjacency"]!, (int)document["matches"]![0]!["matches"]![0]!["adjacency"]!));
        Assert.Null(document["granularity"]);
    }

    [Theory]
    [InlineData("/words", "one,two,three")]
    [InlineData("/upper", "ONE TWO THREE")]
    public async Task Streamed_replies_are_under_the_requests_own_id_with_its_endpoint_and_routes(string endpoint, string texts)
    {
        await using var gateway = await StartAsync("{name: a, uses: Cap}", "grpc");
        var request = new DataRequest { RequestId = "0123456789abcdef0123456789abcdef", ExecEndpoint = endpoint, Documents = [new Document { Text = "one two three" }] };

        var replies = await gateway.Grpc!.StreamAsync(JinaDocumentMethods.Of(DocArrayDialect.V1).StreamDoc, new JinaMessage(request, DocArrayDialect.V1), default, CancellationToken.None).ToListAsync();

        Assert.Equal(texts, string.Join(',', replies.Select(reply => reply.Request.Documents[0].Text)));
        Assert.All(replies, reply =>
        {
            Assert.Equal((request.RequestId, endpoint), (reply.Request.RequestId, reply.Request.ExecEndpoint));
            Assert.Equal(["gateway", "a"], reply.Request.Routes.Select(route => route.Executor));
            Assert.All(reply.Request.Routes, route => Assert.True(route.EndTime >= route.StartTime));
        });
    }

    [Fact]
    public async Task Jinas_probe_is_told_to_programs_and_to_no_person()
    {
        await using var gateway = await StartAsync("{name: a, uses: Cap}", "[http, grpc]");

        Assert.DoesNotContain("_jina_dry_run_", await gateway.Http.GetStringAsync("/status"), StringComparison.Ordinal);
        Assert.DoesNotContain("_jina_dry_run_", gateway.Flow.Runtime.Endpoints.Keys);
        Assert.Contains("_jina_dry_run_", (await gateway.Grpc!.UnaryAsync(JinaMethods.EndpointDiscovery, new Google.Protobuf.WellKnownTypes.Empty())).Endpoints);
    }

    [Theory]
    [InlineData("{name: a, uses: Cap}, {name: b, uses: Cap}")]
    [InlineData("{name: a, uses: Cap}, {name: b, uses: Cap, needs: gateway}, {name: c, uses: BaseExecutor, needs: [a, b]}")]
    [InlineData("{name: a, uses: Cap, uses_dynamic_batching: {/fail: {preferred_batch_size: 4}}}")]
    public async Task The_documents_of_a_failed_request_come_back(string executors)
    {
        await using var gateway = await StartAsync(executors, "[http, grpc]");
        var body = $$"""{"data":[{{string.Join(',', Enumerable.Range(0, 4).Select(i => $$"""{"id":"d{{i}}"}"""))}}],"execEndpoint":"/fail"}""";

        var http = await AskAsync(gateway, body);
        var grpc = await SendAsync(gateway, "/fail", [.. Enumerable.Range(0, 4).Select(i => new Document($"d{i}"))]);

        Assert.Equal(1, (int)http["header"]!["status"]!["code"]!);
        Assert.Equal(["d0", "d1", "d2", "d3"], http["data"]!.AsArray().Select(document => (string?)document!["id"]));
        Assert.Equal((1, 4), (grpc.Status!.Code, grpc.Documents.Count));
    }

    private static async Task<DataRequest> SendAsync(TestGateway gateway, string endpoint, params Document[] documents)
    {
        var request = new DataRequest { ExecEndpoint = endpoint, Documents = new DocumentArray(documents) };
        return (await gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(DocArrayDialect.V1).ProcessSingleData, new JinaMessage(request, DocArrayDialect.V1))).Request;
    }
}
