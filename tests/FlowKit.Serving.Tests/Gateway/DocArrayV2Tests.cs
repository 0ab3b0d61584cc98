using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Google.Protobuf.WellKnownTypes;

namespace FlowKit.Serving.Gateway;

/// <summary>A gateway with <c>docarray_version: v2</c>: a path for each endpoint, fields as the classes have them, and schemas.</summary>
public sealed class DocArrayV2Tests
{
    private static Task<TestGateway> StartAsync(string executors = "{name: a, uses: Typed}, {name: b, uses: Idle}", string gateway = "") => TestGateway.StartAsync(
        $$"""
        jtype: Flow
        executors: [{{executors}}]
        gateway: {port: [0, 0], protocol: [http, grpc], docarray_version: v2{{gateway}}}
        """,
        new TestFlowOptions { Executors = [typeof(TypedExecutor), typeof(IdleExecutor), typeof(JinaExecutor)] });

    private static async Task<string> EventsAsync(Task<HttpResponseMessage> asking)
    {
        using var response = await asking;
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = new List<string>();
        await foreach (var (name, data) in TestGateway.EventsAsync(response))
        {
            events.Add(name == "update" ? (string)JsonNode.Parse(data)!["text"]! : name);
        }

        return string.Join(' ', events);
    }

    [Fact]
    public async Task Each_endpoint_is_a_path_that_takes_one_document_or_several()
    {
        await using var gateway = await StartAsync();

        var (one, single) = await gateway.AskAsync("""{"data":{"id":"x","text":"hello","tensor":[1,1,1],"meta":{"k":[1,null]}},"header":{"requestId":"0123456789abcdef0123456789abcdef"}}""", "/typed");
        var (_, several) = await gateway.AskAsync("""{"data":[{"text":"a"},{"text":"bc"}]}""", "/typed");

        Assert.Equal(HttpStatusCode.OK, one);
        Assert.Equal(["header", "parameters", "data"], single.AsObject().Select(pair => pair.Key).Where(name => name != "routes"));
        var made = single["data"]![0]!.AsObject();
        Assert.Equal(["id", "text", "length", "emb"], made.Select(pair => pair.Key));
        Assert.Equal(("HELLO", 5, "[0.0,1.0,2.0,3.0]"), ((string?)made["text"], (int)made["length"]!, made["emb"]!.ToJsonString()));
        Assert.Equal([1, 2], several["data"]!.AsArray().Select(document => (int)document!["length"]!));
    }

    [Theory]
    [InlineData("/legacy")]
    [InlineData("/post")]
    public async Task What_a_legacy_document_lacks_is_left_out(string path)
    {
        await using var gateway = await StartAsync();

        var (status, reply) = await gateway.AskAsync("""{"data":[{"id":"x","text":"hi","tags":{"a":1},"chunks":[{"text":"c"}],"url":"http://a/b"}],"execEndpoint":"/legacy"}""", path);
        var (_, bare) = await gateway.AskAsync("""{"data":[{"id":"x","text":"hi"}],"execEndpoint":"/legacy"}""", path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["id", "text", "url", "tags", "chunks"], reply["data"]![0]!.AsObject().Select(pair => pair.Key));
        Assert.Equal("""{"id":"x","text":"HI"}""", bare["data"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Nested_documents_and_bytes_go_both_ways()
    {
        await using var gateway = await StartAsync();

        var (status, reply) = await gateway.AskAsync(
            """{"data":{"id":"n","title":"t","one":{"id":"o","text":"x"},"many":[{"id":"i","url":"http://a","tensor":[[1,2]]}],"raw":"AAH/"}}""", "/nest");

        Assert.True(status == HttpStatusCode.OK, reply.ToJsonString());
        Assert.Equal(
            """{"id":"n","title":"t","one":{"id":"o","text":"x!"},"many":[{"id":"i","url":"http://a","tensor":[[1,2]]}],"raw":"AAH/"}""",
            reply["data"]![0]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"data":{"text":"x","n":"many"}}""", "data[0].n: expected a whole number, not \"many\"")]
    [InlineData("""{"data":{"text":{"a":1}}}""", "text")]
    public async Task A_field_of_another_type_is_told_by_its_place(string body, string expected)
    {
        await using var gateway = await StartAsync();

        var (_, reply) = await gateway.AskAsync(body, "/typed");

        Assert.Contains(expected, reply["detail"] is JsonValue text ? (string)text! : reply.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_asked_for_with_the_query_a_body_or_the_usual_envelope()
    {
        await using var gateway = await StartAsync();

        Assert.Equal("x0 x1 x2 end", await EventsAsync(gateway.Http.GetAsync("/gen?text=x&n=5")));
        var get = new HttpRequestMessage(HttpMethod.Get, "/gen") { Content = new StringContent("""{"text":"y"}""", Encoding.UTF8, "application/json") };
        Assert.Equal("y0 y1 y2 end", await EventsAsync(gateway.Http.SendAsync(get)));
        Assert.Equal("z0 z1 z2 end", await EventsAsync(gateway.StreamAsync("""{"text":"z"}""", "/gen")));
        Assert.Equal("v0 v1 v2 w0 w1 w2 end", await EventsAsync(gateway.StreamAsync("""{"data":[{"text":"v"},{"text":"w"}]}""", "/gen")));
    }

    [Fact]
    public async Task What_an_executor_throws_is_499_with_the_reason_and_an_unknown_path_404()
    {
        await using var gateway = await StartAsync();

        var (failed, reply) = await gateway.AskAsync("""{"data":{"n":4}}""", "/fail");
        var (unknown, nothing) = await gateway.AskAsync("""{"data":{}}""", "/nobody");
        using var probe = await gateway.Http.GetAsync("/ready");

        Assert.Equal((499, """{"detail":"boom 4"}"""), ((int)failed, reply.ToJsonString()));
        Assert.Equal((HttpStatusCode.NotFound, """{"detail":"Not Found"}"""), (unknown, nothing.ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Fact]
    public async Task Parameters_reach_a_method_beside_its_document()
    {
        await using var gateway = await StartAsync();

        var (_, reply) = await gateway.AskAsync("""{"data":{"text":"x","n":7},"parameters":{"suffix":"!"}}""", "/one");

        Assert.Equal(("x!", 7), ((string?)reply["data"]![0]!["text"], (int)reply["data"]![0]!["length"]!));
    }

    [Fact]
    public async Task The_description_lists_the_paths_with_their_documents()
    {
        await using var gateway = await StartAsync();

        var description = JsonNode.Parse(await gateway.Http.GetStringAsync("/openapi.json"))!;

        Assert.Equal("#/components/schemas/In", (string?)description["paths"]!["/typed"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!["data"]!["anyOf"]![1]!["$ref"]);
        Assert.NotNull(description["paths"]!["/gen"]!["get"]);
        Assert.Equal("integer", (string?)description["components"]!["schemas"]!["In"]!["properties"]!["n"]!["type"]);
        Assert.Null(description["paths"]!["/default"]);
    }

    [Fact]
    public async Task Discovery_tells_what_each_endpoint_takes_and_gives_as_Jina_writes_it()
    {
        await using var gateway = await StartAsync();

        var reply = await gateway.Grpc!.UnaryAsync(JinaMethods.EndpointDiscovery, new Empty());
        var schemas = JsonNode.Parse(reply.Schemas.ToString())!.AsObject();

        Assert.Equal(reply.Endpoints.Order(StringComparer.Ordinal), schemas.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.All(schemas, pair => Assert.Equal(
            ["input", "is_generator", "is_singleton_doc", "is_write", "output", "parameters"], pair.Value!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)));
        Assert.Equal(
            """{"title":"In","type":"object","properties":{"id":{"type":"string","title":"Id"},"text":{"type":"string","title":"Text","default":""},"tensor":{"title":"Tensor","type":"array","items":{"type":"number"},"tensor/array shape":"not specified"},"n":{"type":"integer","title":"N","default":0},"meta":{"type":"object","title":"Meta"}}}""",
            Sorted(schemas["/typed"]!["input"]!["model"]!, """{"title":"In","type":"object","properties":{"id":{"type":"string","title":"Id"},"text":{"type":"string","title":"Text","default":""},"tensor":{"title":"Tensor","type":"array","items":{"type":"number"},"tensor/array shape":"not specified"},"n":{"type":"integer","title":"N","default":0},"meta":{"type":"object","title":"Meta"}}}"""));
        Assert.Equal(("In", "Out", false, false), Head(schemas["/typed"]!));
        Assert.Equal(("In", "Out", false, true), Head(schemas["/one"]!));
        Assert.Equal(("In", "Out", true, true), Head(schemas["/gen"]!));
        Assert.Equal(("LegacyDocument", "LegacyDocument", false, false), Head(schemas["/legacy"]!));
        Assert.Equal(("LegacyDocument", "LegacyDocument", false, false), Head(schemas["_jina_dry_run_"]!));
        Assert.Equal(("Settings", null), ((string?)schemas["/one"]!["parameters"]!["name"], (string?)schemas["/typed"]!["parameters"]!["name"]));
        Assert.Equal("#/definitions/ImageDoc", (string?)schemas["/nest"]!["input"]!["model"]!["properties"]!["many"]!["items"]!["$ref"]);
        Assert.NotNull(schemas["/nest"]!["input"]!["model"]!["definitions"]!["ImageDoc"]);
    }

    [Fact]
    public async Task Typed_documents_have_their_fields_on_the_wire_of_v2()
    {
        await using var gateway = await StartAsync();
        var document = new Document("x") { Text = "hello" };
        document.Tags["n"] = 5;
        document.Metadata["__fields__"] = new JsonObject { ["n"] = null };
        var request = new DataRequest { ExecEndpoint = "/typed", Documents = [document] };

        var reply = await gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(DocArrayDialect.V2).ProcessSingleData, new JinaMessage(request, DocArrayDialect.V2));

        var made = reply.Request.Documents[0];
        Assert.Equal(("HELLO", 5), (made.Text, (int)made.Tags["length"]!));
        Assert.Equal(["emb", "length"], made.Metadata["__fields__"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    private static (string?, string?, bool, bool) Head(JsonNode schema) =>
        ((string?)schema["input"]!["name"], (string?)schema["output"]!["name"], (bool)schema["is_generator"]!, (bool)schema["is_singleton_doc"]!);

    /// <summary>A protobuf map has no order: equal JSON is shown as it is expected.</summary>
    private static string Sorted(JsonNode actual, string expected) => JsonNode.DeepEquals(actual, JsonNode.Parse(expected)) ? expected : actual.ToJsonString();
}
