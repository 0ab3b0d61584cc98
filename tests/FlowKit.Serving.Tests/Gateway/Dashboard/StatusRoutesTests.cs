using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Serving.Remote;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>What the page shows of a running flow, as its routes answer it.</summary>
public sealed class StatusRoutesTests
{
    private const string Diamond = """
        jtype: Flow
        name: diamond
        executors:
          - {name: a, uses: Scripted}
          - {name: b, uses: Scripted, needs: a, replicas: 2}
          - {name: c, uses: Scripted, needs: a, shards: 2, polling: all}
          - {name: d, uses: Scripted, needs: [b, c]}
          - {name: e, uses: Scripted, needs: d, floating: true}
        gateway: {port: 0, title: A diamond, description: Two roads., examples: [one, two words]}
        """;

    private static async Task<JsonNode> ReadAsync(TestGateway gateway, string route) => JsonNode.Parse(await gateway.Http.GetStringAsync(route))!;

    private static async IAsyncEnumerable<JsonNode> EventsAsync(TestGateway gateway)
    {
        using var response = await gateway.Http.GetAsync("/status/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            Assert.Equal("status", item.EventType);
            yield return JsonNode.Parse(item.Data)!;
        }
    }

    [Fact]
    public async Task The_flow_is_drawn_as_it_runs()
    {
        await using var gateway = await TestGateway.StartAsync(Diamond, new TestFlowOptions());

        var drawn = await ReadAsync(gateway, "/status/flow");

        Assert.Equal(("diamond", "A diamond", "Two roads."), ((string?)drawn["name"], (string?)drawn["title"], (string?)drawn["description"]));
        Assert.Equal(["one", "two words"], drawn["examples"]!.AsArray().Select(example => (string?)example));
        Assert.Equal(
            ["a<gateway", "b<a", "c<a", "d<b,c", "e<d"],
            drawn["executors"]!.AsArray().Select(node => $"{node!["name"]}<{string.Join(',', node["needs"]!.AsArray())}"));
        Assert.Equal([false, false, false, false, true], drawn["executors"]!.AsArray().Select(node => (bool)node!["floating"]!));
        Assert.Equal(["d"], drawn["reply"]!.AsArray().Select(leaf => (string?)leaf));
        Assert.Equal(["a", "b", "c", "d", "e"], drawn["endpoints"]![0]!["executors"]!.AsArray().Select(name => (string?)name));
        Assert.False((bool)drawn["can_search"]!);
        Assert.False((bool)drawn["can_reload"]!);
    }

    [Fact]
    public async Task Options_are_told_without_secrets_and_only_to_whom_they_may_be()
    {
        Environment.SetEnvironmentVariable("STATUS_ROUTES_TOKEN", "quince-and-medlar");
        const string Yaml = """
            jtype: Flow
            executors:
              - name: a
                uses: Optioned
                uses_with:
                  plain: seen
                  api_key: hidden-1
                  connection_string: Host=localhost;Username=me
                  address: "postgres://me:hidden-2@db/x"
                  text: "Server=db;Password=hidden-3"
                  header: "Bearer ${{ ENV.STATUS_ROUTES_TOKEN }}"
            """;
        await using var open = await TestGateway.StartAsync($"{Yaml}\ngateway: {{port: 0}}\n", new TestFlowOptions { Executors = [typeof(OptionedExecutor)] });
        await using var elsewhere = await TestGateway.StartAsync($"{Yaml}\ngateway: {{port: 0, host: 0.0.0.0}}\n", new TestFlowOptions { Executors = [typeof(OptionedExecutor)] });

        var options = (await ReadAsync(open, "/status/flow"))["executors"]![0]!["options"]!;

        Assert.Equal(
            """{"plain":"seen","api_key":"***","connection_string":"***","address":"***","text":"***","header":"Bearer ***"}""", options.ToJsonString());
        Assert.Null((await ReadAsync(elsewhere, "/status/flow"))["executors"]![0]!["options"]);
    }

    [Fact]
    public async Task Events_tell_replicas_queues_rates_and_latencies()
    {
        await using var gateway = await TestGateway.StartAsync(Diamond, new TestFlowOptions());
        await using var events = EventsAsync(gateway).GetAsyncEnumerator();

        Assert.True(await events.MoveNextAsync());
        var first = events.Current;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("""{"data":[{"text":"1"},{"text":"2"}]}""")).Status);
        }

        Assert.True(await events.MoveNextAsync());
        while ((double)events.Current["requests"]!["rate"]! == 0)
        {
            Assert.True(await events.MoveNextAsync());
        }

        var status = events.Current;
        Assert.Equal(["a/0", "b/0", "c/0", "c/1", "d/0", "e/0"], first["executors"]!.AsArray().Select(pool => $"{pool!["executor"]}/{pool["shard"]}"));
        Assert.Equal((2, 2, "closed", false), ((int)status["executors"]![1]!["replicas"]!, (int)status["executors"]![1]!["ready"]!, (string?)status["executors"]![1]!["circuit"], (bool)status["executors"]![1]!["paused"]!));
        Assert.Equal((await ReadAsync(gateway, "/status/flow"))["version"]!.ToString(), status["version"]!.ToString());
        Assert.InRange((double)status["calls"]!["a"]!["documents"]! / (double)status["calls"]!["a"]!["rate"]!, 1.9, 2.1);
        Assert.InRange((double)status["requests"]!["p99_ms"]!, (double)status["requests"]!["p50_ms"]!, 60000);
    }

    [Fact]
    public async Task Events_end_when_the_gateway_stops()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var events = EventsAsync(gateway).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        await gateway.Host.StopAsync(CancellationToken.None).WithTimeout();

        while (await events.MoveNextAsync())
        {
        }
    }

    [Fact]
    public async Task More_listeners_than_there_may_be_are_told_to_come_again()
    {
        await using var gateway = await TestGateway.StartAsync();
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < FlowEvents.MaxListeners; i++)
        {
            open.Add(await gateway.Http.GetAsync("/status/events", HttpCompletionOption.ResponseHeadersRead));
        }

        using var refused = await gateway.Http.GetAsync("/status/events", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        open.ForEach(response => response.Dispose());
        var began = TimeProvider.System.GetTimestamp();
        HttpStatusCode status;
        do
        {
            using var taken = await gateway.Http.GetAsync("/status/events", HttpCompletionOption.ResponseHeadersRead);
            status = taken.StatusCode;
        }
        while (status != HttpStatusCode.OK && TimeProvider.System.GetElapsedTime(began) < TestTimeout.Limit);

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Requests_are_told_with_their_hops_and_errors()
    {
        var script = new FlowScript().Edit("a", documents => _ = documents.Any(document => document.Text == "bad") ? throw new FormatException("<b>no</b>") : 0);
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a").WithGateway("port: 0"), new TestFlowOptions { Script = script });
        await gateway.AskAsync("""{"data":[{"text":"good"}],"execEndpoint":"/slow"}""");
        await gateway.AskAsync("""{"data":[{"text":"bad"}],"execEndpoint":"/bad"}""");

        var requests = await ReadAsync(gateway, "/status/requests");

        var slow = Assert.Single(requests["slowest"]!.AsArray())!;
        Assert.Equal(("/slow", 1, "a"), ((string?)slow["endpoint"], (int)slow["documents"]!, (string?)slow["hops"]![0]!["executor"]));
        Assert.InRange((double)slow["hops"]![0]!["to_ms"]!, (double)slow["hops"]![0]!["from_ms"]!, (double)slow["ms"]! + 0.01);
        var failed = Assert.Single(requests["failed"]!.AsArray())!;
        Assert.Equal(("/bad", "a", "<b>no</b>"), ((string?)failed["endpoint"], (string?)failed["error"]!["executor"], (string?)failed["error"]!["message"]));
    }

    [Fact]
    public async Task Messages_of_failures_are_not_for_everybody()
    {
        var script = new FlowScript().Edit("a", _ => throw new FormatException("what others sent"));
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a").WithGateway("port: 0, host: 0.0.0.0"), new TestFlowOptions { Script = script });
        await gateway.AskAsync("""{"data":[{"text":"x"}]}""");

        var text = await gateway.Http.GetStringAsync("/status/requests");

        Assert.Contains("\"failed\":[{", text, StringComparison.Ordinal);
        Assert.DoesNotContain("what others sent", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_debug_endpoints_nothing_of_it_is_there()
    {
        await using var gateway = await TestGateway.StartAsync("no_debug_endpoints: true");

        foreach (var route in (string[])["flow", "events", "requests"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await gateway.Http.GetAsync($"/status/{route}")).StatusCode);
        }
    }

    [Fact]
    public async Task An_executor_elsewhere_is_drawn_as_such()
    {
        await using var far = await RelayHost.StartAsync(null, "/search");
        await using var gateway = await TestGateway.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: {far.Port}}}\ngateway: {{port: 0}}\n", new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Endpoints.ContainsKey("/search"), "its endpoints");

        var drawn = await ReadAsync(gateway, "/status/flow");

        Assert.Equal("remote", (string?)drawn["executors"]![0]!["place"]);
        Assert.True((bool)drawn["can_search"]!);
    }

    [Fact]
    public async Task Pausing_is_for_operators_and_shows_in_ready()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.AskAsync("""{"executor":"a","paused":true}""", "/admin/pause")).Status);
        gateway.Http.DefaultRequestHeaders.Authorization = new("Bearer", AdminTokenFile.Read(gateway.Host.Address.Port));

        var (status, body) = await gateway.AskAsync("""{"executor":"a","paused":true}""", "/admin/pause");
        Assert.Equal((HttpStatusCode.OK, """{"executor":"a","paused":true}"""), (status, body.ToJsonString()));
        Assert.True(gateway.Flow.Runtime.Health[0].IsPaused);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("""{"executor":"a","paused":false}""", "/admin/pause")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.AskAsync("""{"executor":"a","paused":1}""", "/admin/pause")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.AskAsync("""{"executor":"b","paused":true}""", "/admin/pause")).Status);
        using var reload = await gateway.Http.PostAsync("/admin/reload", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Contains("not read from a file", await reload.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>An executor with options of every kind.</summary>
    [Executor("Optioned")]
    public sealed class OptionedExecutor(OptionedOptions options) : Executor
    {
        [Requests]
        public object Run() => options.Plain ?? "";
    }

    /// <summary>Its options.</summary>
    public sealed class OptionedOptions
    {
        public string? Plain { get; set; }

        public string? ApiKey { get; set; }

        public string? ConnectionString { get; set; }

        public string? Address { get; set; }

        public string? Text { get; set; }

        public string? Header { get; set; }
    }
}
