using System.Net;
using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

public sealed class RouteTests
{
    private static async Task<HttpStatusCode> StatusAsync(TestGateway gateway, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "GET" ? null : new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var response = await gateway.Http.SendAsync(request);
        return response.StatusCode;
    }

    [Fact]
    public async Task The_root_is_JSON_for_a_probe_and_a_page_for_a_browser()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var page = new HttpRequestMessage(HttpMethod.Get, "/");
        page.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");

        Assert.Equal("{}", await gateway.Http.GetStringAsync("/"));
        using var response = await gateway.Http.SendAsync(page);

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_tells_versions_queues_and_endpoints()
    {
        await using var gateway = await TestGateway.StartAsync();

        var status = JsonNode.Parse(await gateway.Http.GetStringAsync("/status"))!;

        Assert.NotNull(status["jina"]!["flowkit"]);
        Assert.NotNull(status["envs"]);
        Assert.Equal(0, status["flow"]!["in_flight"]!.GetValue<int>());
        Assert.Equal(0, status["flow"]!["queues"]!["a"]!.GetValue<int>());
        Assert.Equal("""["a"]""", status["flow"]!["endpoints"]!["/default"]!.ToJsonString());
    }

    [Fact]
    public async Task The_dry_run_tells_code_0_for_a_flow_that_works_and_1_for_one_that_does_not()
    {
        await using var gateway = await TestGateway.StartAsync();

        var well = JsonNode.Parse(await gateway.Http.GetStringAsync("/dry_run"))!;
        await gateway.Flow.Runtime.StopAsync(TestTimeout.Limit);
        var ill = JsonNode.Parse(await gateway.Http.GetStringAsync("/dry_run"))!;

        Assert.Equal("""{"code":0,"description":"","exception":null}""", well.ToJsonString());
        Assert.Equal(1, ill["code"]!.GetValue<int>());
        Assert.Contains("stopping", ill["description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_is_OpenAPI_and_lists_every_route()
    {
        await using var gateway = await TestGateway.StartAsync("title: My flow, description: What it does");

        var description = JsonNode.Parse(await gateway.Http.GetStringAsync("/openapi.json"))!;

        Assert.StartsWith("3.", description["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(("My flow", "What it does"), (description["info"]!["title"]!.GetValue<string>(), description["info"]!["description"]!.GetValue<string>()));
        Assert.Equal(["/admin/pause", "/admin/reload", "/admin/scale", "/delete", "/dry_run", "/health/live", "/health/ready", "/health/startup", "/index", "/picture", "/post", "/ready", "/search", "/status", "/status/events", "/status/flow", "/status/requests", "/update"], description["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
        var post = description["paths"]!["/post"]!["post"]!;
        Assert.NotNull(post["requestBody"]!["content"]!["application/json"]!["schema"]);
        Assert.NotNull(post["responses"]!["200"]!["content"]!["application/json"]!["schema"]);
        foreach (var reference in description.ToJsonString().Split("\"$ref\":\"#/components/schemas/").Skip(1).Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)]))
        {
            Assert.True(description["components"]!["schemas"]!.AsObject().ContainsKey(reference), reference);
        }
    }

    [Theory]
    [InlineData("no_crud_endpoints: true", HttpStatusCode.NotFound, HttpStatusCode.OK)]
    [InlineData("no_debug_endpoints: true", HttpStatusCode.OK, HttpStatusCode.NotFound)]
    public async Task Routes_can_be_left_out(string settings, HttpStatusCode crud, HttpStatusCode debug)
    {
        await using var gateway = await TestGateway.StartAsync(settings);

        Assert.Equal(crud, await StatusAsync(gateway, "POST", "/index"));
        Assert.Equal(crud, await StatusAsync(gateway, "POST", "/search"));
        Assert.Equal(crud, await StatusAsync(gateway, "PUT", "/update"));
        Assert.Equal(crud, await StatusAsync(gateway, "DELETE", "/delete"));
        Assert.Equal(debug, await StatusAsync(gateway, "POST", "/post"));
        Assert.Equal(debug, await StatusAsync(gateway, "GET", "/status"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "GET", "/"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "GET", "/dry_run"));
    }

    [Fact]
    public async Task An_endpoint_that_nobody_answers_is_404_when_strict()
    {
        await using var gateway = await TestGateway.StartAsync(Recorded(", strict: true"), new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });

        var (status, body) = await gateway.AskAsync("""{"data":[{"id":"1"}],"execEndpoint":"/nope"}""");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(1, body["header"]!["status"]!["code"]!.GetValue<int>());
        Assert.Equal(
            "No executor of this flow answers '/nope'. It answers /delete, /dict, /echo, /fail, /index, /params, /search, /stream, /update.",
            body["header"]!["status"]!["description"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_endpoint_that_nobody_answers_passes_and_a_path_that_is_no_route_is_404()
    {
        await using var gateway = await TestGateway.StartAsync(Recorded(""), new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });

        var (status, body) = await gateway.AskAsync("""{"data":[{"id":"1","text":"as it came"}],"execEndpoint":"/nope"}""");

        Assert.Equal((HttpStatusCode.OK, null), (status, body["header"]!["status"]));
        Assert.Equal("as it came", body["data"]![0]!["text"]!.GetValue<string>());
        Assert.Equal(["gateway", "exec0"], body["routes"]!.AsArray().Select(route => route!["executor"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(gateway, "POST", "/nope"));
    }

    [Theory]
    [InlineData("jtype: Flow\ngateway: {port: 0}\n", 1)]
    [InlineData("jtype: Flow\nexecutors: [{name: executor0}, {name: my_target}]\ngateway: {port: 0}\n", 3)]
    public async Task A_flow_whose_executors_do_nothing_or_that_has_none_passes_everything(string yaml, int routes)
    {
        await using var gateway = await TestGateway.StartAsync(yaml, new TestFlowOptions());

        var (status, body) = await gateway.AskAsync("""{"data":[{"id":"1","text":"as it came"}],"execEndpoint":"/"}""");

        Assert.Equal((HttpStatusCode.OK, null), (status, body["header"]!["status"]));
        Assert.Equal("as it came", body["data"]![0]!["text"]!.GetValue<string>());
        Assert.Equal(routes, body["routes"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "POST", "/search"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "GET", "/dry_run"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "GET", "/status"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, "GET", "/ready"));
    }

    [Fact]
    public async Task Other_origins_may_call_only_when_cors_is_on()
    {
        await using var closed = await TestGateway.StartAsync();
        await using var open = await TestGateway.StartAsync("cors: true");
        foreach (var (gateway, allowed) in new[] { (closed, false), (open, true) })
        {
            gateway.Http.DefaultRequestHeaders.Add("Origin", "http://elsewhere.example");
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "/post");
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            preflight.Headers.Add("Access-Control-Request-Headers", "content-type");

            using var answer = await gateway.Http.SendAsync(preflight);
            using var post = await gateway.PostAsync("{}");
            using var refused = await gateway.PostAsync("{");

            Assert.Equal(allowed, answer.IsSuccessStatusCode);
            Assert.All([answer, post, refused], response => Assert.Equal(allowed, response.Headers.Contains("Access-Control-Allow-Origin")));
        }
    }

    [Fact]
    public async Task Two_gateways_run_in_one_process()
    {
        await using var one = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents => documents[0].Text = "one"));
        await using var two = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents => documents[0].Text = "two"));

        Assert.NotEqual(one.Host.Address, two.Host.Address);
        Assert.Equal("one", (await one.AskAsync("""{"data":[{}]}""")).Body["data"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("two", (await two.AskAsync("""{"data":[{}]}""")).Body["data"]![0]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_port_in_use_is_told_before_and_at_the_start()
    {
        await using var first = await TestGateway.StartAsync();
        var port = first.Host.Address.Port;
        var taken = first.Flow.Config.Gateway with { Port = port };

        var before = Assert.Throws<FlowKitException>(() => GatewayHost.EnsureFree(taken));
        var start = await Assert.ThrowsAsync<FlowKitException>(() => TestGateway.StartAsync(FlowText.Chain("a").WithGateway($"port: {port}"), new TestFlowOptions()));

        Assert.All([before, start], exception =>
        {
            Assert.Equal(FlowErrorCode.Unavailable, exception.Error.Code);
            Assert.Contains($"cannot listen on 127.0.0.1:{port}", exception.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_host_that_is_no_address_is_named() =>
        Assert.Contains("gateway.host: 'example.invalid'", Assert.Throws<FlowKitException>(() => GatewayHost.EnsureFree(new Configuration.Gateway.GatewayConfig { Host = "example.invalid" })).Message, StringComparison.Ordinal);

    private static string Recorded(string gateway) => $"jtype: Flow\nexecutors: [{{name: exec0, uses: Cap}}]\ngateway: {{port: 0{gateway}}}\n";
}
