using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace FlowKit.Serving.Gateway;

/// <summary>Whatever comes in, the gateway says what is wrong with it and goes on.</summary>
public sealed class BadRequestTests
{
    private static async Task<string> RefuseAsync(HttpContent content, HttpStatusCode status, string settings = "", string path = "/post")
    {
        await using var gateway = await TestGateway.StartAsync(settings);
        using var response = await gateway.Http.PostAsync(path, content);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(0, gateway.Flow.Runtime.InFlight);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("""{"data":[]}""")).StatusCode);
        return JsonNode.Parse(body)!["detail"]!.ToJsonString();
    }

    private static ByteArrayContent Json(params ReadOnlySpan<byte> body) => new(body.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static ByteArrayContent Json(string body) => Json(Encoding.UTF8.GetBytes(body));

    [Theory]
    [InlineData("{\"data\": [{\"text\": \"x\"", "line 1 column 23")]
    [InlineData("{\n  \"data\": [,]\n}", "line 2 column 12")]
    [InlineData("{\"data\": []} x", "column 14")]
    [InlineData("[1]", "value is not a valid dict")]
    [InlineData("nul", "line 1 column")]
    public async Task Malformed_JSON_is_told_by_line_and_column(string body, string expected) =>
        Assert.Contains(expected, await RefuseAsync(Json(body), HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"data": "hello"}""", "data")]
    [InlineData("""{"data": ["hello"]}""", "data[0]")]
    [InlineData("""{"data": [{"id": [5]}]}""", "data[0].id")]
    [InlineData("""{"data": [{}, {"blob": "!!"}]}""", "data[1].blob")]
    [InlineData("""{"data": [{"tensor": [[1],[2,3]]}]}""", "data[0].tensor")]
    [InlineData("""{"data": [{"granularity": -1}]}""", "data[0].granularity")]
    [InlineData("""{"data": [{"chunks": [{"tags": 5}]}]}""", "data[0].chunks[0].tags")]
    [InlineData("""{"parameters": []}""", "parameters")]
    [InlineData("""{"execEndpoint": 5}""", "execEndpoint")]
    [InlineData("{\"data\": [{\"text\": \"\\ud800\"}]}", "data[0].text")]
    [InlineData("{\"data\": [], \"routes\": [{\"status\": 1, \"status\": 2}]}", "body.routes: An item with the same key")]
    public async Task A_wrong_type_is_told_by_its_field(string body, string field) =>
        Assert.Contains(field, await RefuseAsync(Json(body), HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"data\": [{\"tags\": {\"x\": \"\\uDC00\"}}]}", "the text at byte 25 has half a surrogate pair")]
    [InlineData("{\"data\": [], \"parameters\": {\"x\": \"\\ud800\"}}", "the text at byte 33 has half a surrogate pair")]
    public async Task Half_a_surrogate_pair_is_told_by_its_place(string body, string place) =>
        Assert.Contains(place, await RefuseAsync(Json(body), HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Fact]
    public async Task JSON_that_is_too_deep_is_refused()
    {
        var body = $$"""{"parameters": {"x": {{new string('[', 10_000)}}{{new string(']', 10_000)}}} }""";

        Assert.Contains("depth", await RefuseAsync(Json(body), HttpStatusCode.BadRequest), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{\"data\":[{\"text\":\"", "\"}]}", 18)]
    [InlineData("{\"parameters\":{\"x\":\"", "\"}}", 20)]
    [InlineData("{\"unknown\":\"", "\"}", 12)]
    public async Task Text_that_is_not_UTF8_is_refused_wherever_it_is(string before, string after, int at)
    {
        var body = Encoding.ASCII.GetBytes(before).Append((byte)0xff).Concat(Encoding.ASCII.GetBytes(after)).ToArray();

        Assert.Contains($"byte {at} is not valid UTF-8", await RefuseAsync(Json(body), HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_body_is_refused() =>
        Assert.Contains("field required", await RefuseAsync(Json(""), HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Theory]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("image/png")]
    [InlineData("garbage")]
    public async Task Another_content_type_is_415(string type)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Contains("application/json", await RefuseAsync(content, HttpStatusCode.UnsupportedMediaType), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413_by_its_length() =>
        await RefuseAsync(Json($$"""{"data":[{"text":"{{new string('x', 3000)}}"}]}"""), HttpStatusCode.RequestEntityTooLarge, "max_request_size: 2000");

    [Fact]
    public async Task A_chunked_body_over_the_limit_is_413_and_the_connection_is_closed()
    {
        await using var gateway = await TestGateway.StartAsync("max_request_size: 2000");
        var chunk = $"400\r\n{new string(' ', 0x400)}\r\n";

        var answer = await gateway.RawAsync($"POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{chunk}{chunk}");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("detail", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3")]
    [InlineData("X-Folded: a\r\n b")]
    [InlineData("X-Nul: a\0b")]
    public async Task Ambiguous_headers_are_refused_or_read_once_and_the_connection_closed(string header)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.RawAsync($"POST /post HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{header}\r\n\r\n{{}}");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/post", "POST")]
    [InlineData("POST", "/update", "PUT")]
    [InlineData("GET", "/delete", "DELETE")]
    public async Task A_wrong_method_is_405_and_says_which_is_right(string method, string path, string allowed)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal([allowed], response.Content.Headers.Allow);
        Assert.Equal("""{"detail":"Method Not Allowed"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_path_is_404()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.Http.GetAsync("/nope");

        Assert.Equal((HttpStatusCode.NotFound, """{"detail":"Not Found"}"""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task An_invalid_pattern_is_400_and_names_it()
    {
        await using var gateway = await TestGateway.StartAsync();

        var (status, body) = await gateway.AskAsync("""{"data":[],"targetExecutor":"("}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("target_executor: '('", body["header"]!["status"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arrays=tuple")]
    [InlineData("nulls=maybe")]
    public async Task An_unknown_reply_option_is_400(string query) => await RefuseAsync(Json("{}"), HttpStatusCode.BadRequest, path: $"/post?{query}");

    [Theory]
    [InlineData("soon")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1e3")]
    public async Task A_timeout_that_is_no_number_is_400(string timeout)
    {
        var content = Json("{}");
        content.Headers.Add("X-Request-Timeout-Ms", timeout);

        Assert.Contains("X-Request-Timeout-Ms", await RefuseAsync(content, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99999999999999")]
    [InlineData("2147483647")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public async Task A_timeout_that_is_longer_than_any_timer_is_taken(string timeout)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Http.DefaultRequestHeaders.Add("X-Request-Timeout-Ms", timeout);

        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("{}")).Status);
    }

    [Fact]
    public async Task A_list_of_numbers_as_blob_is_sent_to_tensor()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var response = await gateway.PostAsync("""{"data":[{"blob":[[[1,2,3]]]}]}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("the numbers of a picture go under 'tensor'", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_fields_are_ignored_and_a_byte_order_mark_too()
    {
        await using var gateway = await TestGateway.StartAsync();

        var (status, body) = await gateway.AskAsync("\ufeff" + """{"data":[{"id":"1","foo":{"bar":[1]}}],"execEndpoint":"/x","jina":true}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Null(body["header"]!["status"]);
        Assert.Equal("1", body["data"]![0]!["id"]!.GetValue<string>());
    }
}
