using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

public sealed class ReplyTests
{
    [Fact]
    public async Task Arrays_come_and_go_as_base64_when_asked()
    {
        NdArray? seen = null;
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents =>
        {
            seen = documents[0].Tensor;
            documents[0].Embedding = NdArray.Wrap(new[] { 0.5f, -1f }, 2);
        }));
        var pixels = Convert.ToBase64String([1, 2, 3, 4, 5, 6]);

        var (status, body) = await gateway.AskAsync($$$"""{"data":[{"tensor":{"buffer":"{{{pixels}}}","shape":[2,3],"dtype":"|u1"}}]}""", "/post?arrays=base64");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([2, 3], seen!.Shape.ToArray());
        Assert.Equal(pixels, body["data"]![0]!["tensor"]!["buffer"]!.GetValue<string>());
        Assert.Equal("<f4", body["data"]![0]!["embedding"]!["dtype"]!.GetValue<string>());
        Assert.Equal([0.5f, -1f], MemoryMarshalOf(body["data"]![0]!["embedding"]!["buffer"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Nulls_are_left_out_when_asked()
    {
        await using var gateway = await TestGateway.StartAsync();

        var all = (await gateway.AskAsync("""{"data":[{"id":"1"}]}""")).Body["data"]![0]!.AsObject();
        var few = (await gateway.AskAsync("""{"data":[{"id":"1"}]}""", "/post?nulls=false")).Body["data"]![0]!.AsObject();

        Assert.Equal(19, all.Count);
        Assert.Equal("""{"id":"1"}""", few.ToJsonString());
    }

    [Fact]
    public async Task NaN_in_arrays_and_scores_is_null_and_the_reply_stays_JSON()
    {
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents =>
        {
            documents[0].Embedding = NdArray.Wrap(new[] { float.NaN, 1f, float.PositiveInfinity }, 3);
            documents[0].Tensor = NdArray.Wrap(new[] { double.NaN }, 1);
            documents[0].Scores["s"] = new NamedScore(float.NaN);
            documents[0].Weight = float.NegativeInfinity;
        }));

        var (status, body) = await gateway.AskAsync("""{"data":[{}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("[null,1.0,null]", body["data"]![0]!["embedding"]!.ToJsonString());
    }

    [Fact]
    public async Task What_cannot_be_written_as_JSON_fails_its_document_alone_and_never_leaves_half_a_body()
    {
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents =>
        {
            documents[0].Text = new string('x', 100_000);
            documents[1].Tags["x"] = new System.Text.Json.Nodes.JsonObject { ["y"] = new System.Text.Json.Nodes.JsonArray(1, double.NaN) };
        }));

        var (status, body) = await gateway.AskAsync("""{"data":[{},{"id":"bad"},{"id":"last"}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(100_000, body["data"]![0]!["text"]!.GetValue<string>().Length);
        Assert.Equal(
            ("bad", "tags.x.y[1]: it is NaN or infinite, and JSON has no such number; the document cannot be written as JSON"),
            ((string)body["data"]![1]!["id"]!, (string)body["data"]![1]!["error"]!["description"]!));
        Assert.Equal("last", (string)body["data"]![2]!["id"]!);
    }

    [Fact]
    public async Task A_document_that_holds_itself_fails_alone_and_says_so()
    {
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents => documents[0].Chunks = [new Document("c") { Matches = [documents[0]] }]));

        var (status, body) = await gateway.AskAsync("""{"data":[{"id":"loop"},{"id":"well"}]}""");

        Assert.Equal((HttpStatusCode.OK, "well"), (status, (string)body["data"]![1]!["id"]!));
        Assert.Equal(
            "chunks[0].matches[0]: the document holds itself (a cycle); the document cannot be written as JSON",
            (string)body["data"]![0]!["error"]!["description"]!);
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_is_a_500_that_names_it()
    {
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", _ => ValueTask.FromResult<object?>(new System.Text.Json.Nodes.JsonObject { ["mean"] = double.NaN })));

        using var response = await gateway.PostAsync("""{"data":[{}]}""");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("mean: it is NaN or infinite", (await TestGateway.ReadAsync(response))!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_at_the_depth_limit_can_be_posted_back_and_one_deeper_is_refused_by_name()
    {
        await using var gateway = await TestGateway.StartAsync();
        var first = await DataAsync($$"""[{{Nested(100)}}]""");
        using var refused = await gateway.PostAsync($$"""{"data":[{{Nested(101)}}]}""");

        Assert.Equal(first, await DataAsync(first));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("documents lie in each other more than 100 deep", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        async Task<string> DataAsync(string data)
        {
            using var response = await gateway.PostAsync($$"""{"data":{{data}}}""");
            var reply = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync(), documentOptions: new JsonDocumentOptions { MaxDepth = 500 })!;
            return reply["data"]!.ToJsonString(new JsonSerializerOptions { MaxDepth = 500 });
        }
    }

    [Fact]
    public async Task An_executor_that_nests_too_deep_fails_that_document_alone()
    {
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents =>
        {
            var inner = documents[0];
            for (var level = 1; level <= 120; level++)
            {
                inner.Chunks = [new Document("c")];
                inner = inner.Chunks[0];
            }
        }));

        var (status, body) = await gateway.AskAsync("""{"data":[{"id":"deep"},{"id":"well"}]}""");

        Assert.Equal((HttpStatusCode.OK, "well"), (status, (string)body["data"]![1]!["id"]!));
        Assert.Contains("more than 100 deep", (string)body["data"]![0]!["error"]!["description"]!, StringComparison.Ordinal);
    }

    private static string Nested(int levels) => levels == 1 ? """{"id":"x","tags":{"a":[[1]]}}""" : $$"""{"id":"x","chunks":[{{Nested(levels - 1)}}]}""";

    [Theory]
    [InlineData("tags", "{\"data\":[{\"tags\":{\"x\":\"\\ud800\"}}]}")]
    [InlineData("parameters", "{\"data\":[],\"parameters\":{\"x\":\"\\udc00\"}}")]
    public async Task Half_a_surrogate_never_makes_half_a_reply(string where, string request)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync(request);

        Assert.True(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.ValueKind == JsonValueKind.Object, where);
    }

    [Fact]
    public async Task A_reply_says_its_length()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("""{"data":[{"id":"1"}]}""");

        Assert.Equal((await response.Content.ReadAsByteArrayAsync()).Length, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task The_callers_request_id_is_ignored_as_in_Jina()
    {
        await using var gateway = await TestGateway.StartAsync();

        var (_, body) = await gateway.AskAsync("""{"requestId":"abc","header":{"requestId":"def"}}""");

        Assert.Equal(32, body["header"]!["requestId"]!.GetValue<string>().Length);
    }

    [Fact]
    public async Task A_document_that_failed_alone_is_200_and_carries_its_error()
    {
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents => documents[0].Fail(FlowErrorCode.InvalidArgument, "not an image")));

        var (status, body) = await gateway.AskAsync("""{"data":[{"id":"1"},{"id":"2"}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["1", "2"], body["data"]!.AsArray().Select(document => document!["id"]!.GetValue<string>()));
        Assert.Contains("not an image", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_brings_files_texts_and_parameters()
    {
        string? endpoint = null;
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", call =>
        {
            endpoint = call.Parameters.Get<string>("kind");
            return default;
        }));
        using var form = new MultipartFormDataContent
        {
            { new StringContent("hello žluť"), "text" },
            { new StringContent("""{"kind":"photo"}"""), "parameters" },
            { new StringContent("/search"), "execEndpoint" },
            { new ByteArrayContent([0, 1, 2, 255]) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "file", "a.png" },
            { new ByteArrayContent(new byte[2 << 20]), "file", "large.bin" },
        };

        using var response = await gateway.Http.PostAsync("/post", form);
        var body = (await TestGateway.ReadAsync(response))!;

        Assert.Equal("photo", endpoint);
        Assert.Equal("/search", body["header"]!["execEndpoint"]!.GetValue<string>());
        var data = body["data"]!.AsArray();
        Assert.Equal("hello žluť", data[0]!["text"]!.GetValue<string>());
        Assert.Equal(("AAEC/w==", "a.png", "image/png"), (data[1]!["blob"]!.GetValue<string>(), data[1]!["uri"]!.GetValue<string>(), data[1]!["mime_type"]!.GetValue<string>()));
        Assert.Equal(2 << 20, Convert.FromBase64String(data[2]!["blob"]!.GetValue<string>()).Length);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhal", "form")]
    [InlineData("multipart/form-data", "--x--", "boundary")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"parameters\"\r\n\r\n{\r\n--x--\r\n", "parameters")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"parameters\"\r\n\r\n[1]\r\n--x--\r\n", "expected a JSON object")]
    public async Task A_form_that_cannot_be_read_is_400(string type, string text, string expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await gateway.Http.PostAsync("/post", content);
        var body = await response.Content.ReadAsStringAsync();

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{response.StatusCode} {body}");
        Assert.Contains(expected, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_over_the_limit_is_413()
    {
        await using var gateway = await TestGateway.StartAsync("max_request_size: 2000");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[3000]), "file", "a.bin" } };

        using var response = await gateway.Http.PostAsync("/post", form);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private static float[] MemoryMarshalOf(string base64) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(base64)).ToArray();
}
