using System.Net;
using System.Text.Json.Nodes;

namespace FlowKit.Serving.Gateway;

public sealed class ExposedEndpointTests
{
    private const string Exposed = """expose_endpoints: {/one: {methods: [POST, GET], summary: The one, tags: [mine]}, /two: {http_path: /v1/two, methods: PUT}, /index: {http_path: /index, summary: Mine}}""";

    private static async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(TestGateway gateway, string method, string path, string? body = "{}")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await gateway.Http.SendAsync(request);
        return (response.StatusCode, await TestGateway.ReadAsync(response));
    }

    [Theory]
    [InlineData("POST", "/one", "/one")]
    [InlineData("GET", "/one", "/one")]
    [InlineData("PUT", "/v1/two", "/two")]
    [InlineData("POST", "/index", "/index")]
    public async Task An_exposed_endpoint_is_reached_by_its_path_and_methods(string method, string path, string endpoint)
    {
        await using var gateway = await TestGateway.StartAsync(Exposed);

        var (status, body) = await SendAsync(gateway, method, path, method == "GET" ? null : """{"data":[{"id":"1"}],"execEndpoint":"/other"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(endpoint, body!["header"]!["execEndpoint"]!.GetValue<string>());
        Assert.Single(gateway.Script.Calls);
    }

    [Fact]
    public async Task Other_methods_are_405_and_the_endpoint_itself_is_no_path()
    {
        await using var gateway = await TestGateway.StartAsync(Exposed);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(gateway, "DELETE", "/one")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(gateway, "POST", "/two")).Status);
    }

    [Fact]
    public async Task JSON_is_taken_as_Jina_takes_it()
    {
        await using var gateway = await TestGateway.StartAsync("""no_crud_endpoints: true, expose_endpoints: '{"/index": {"methods": ["PATCH"]}}'""");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, "PATCH", "/index")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(gateway, "POST", "/index")).Status);
    }

    [Fact]
    public async Task The_description_lists_them_with_summary_and_tags()
    {
        await using var gateway = await TestGateway.StartAsync(Exposed);

        var description = JsonNode.Parse(await gateway.Http.GetStringAsync("/openapi.json"))!;

        var one = description["paths"]!["/one"]!;
        Assert.Equal("The one", one["post"]!["summary"]!.GetValue<string>());
        Assert.Equal("mine", one["get"]!["tags"]![0]!.GetValue<string>());
        Assert.Equal("Mine", description["paths"]!["/index"]!["post"]!["summary"]!.GetValue<string>());
        Assert.NotNull(description["paths"]!["/v1/two"]!["put"]);
    }
}
