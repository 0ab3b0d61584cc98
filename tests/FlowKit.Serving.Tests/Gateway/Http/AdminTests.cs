using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

/// <summary>Health for probes, and changing the number of replicas.</summary>
public sealed class AdminTests
{
    private const string Yaml = """
        jtype: Flow
        executors: [{name: encoder, uses: Cap}, {name: indexer, uses: Cap, shards: 2}]
        gateway: {port: 0}
        """;

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(Yaml, new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });

    private static async Task<(HttpStatusCode Status, string Body)> ScaleAsync(
        TestGateway gateway, string body, string type = "application/json", bool isAdmin = true, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/scale") { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        if (isAdmin)
        {
            request.Headers.Authorization = new("Bearer", AdminTokenFile.Read(gateway.Host.Address.Port));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await gateway.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ready_tells_how_every_executor_and_shard_is()
    {
        await using var gateway = await StartAsync();
        var ready = new JsonObject() as JsonNode;

        // A replica that has just been started looks for work first.
        await TestTimeout.UntilAsync(
            async () => (double)(ready = JsonNode.Parse(await gateway.Http.GetStringAsync("/ready"))!)["executors"]![0]!["in_flight"]! == 0, "no call under way");

        Assert.True((bool)ready["ready"]!);
        Assert.Equal([("encoder", 0), ("indexer", 0), ("indexer", 1)], ready["executors"]!.AsArray().Select(executor => ((string)executor!["executor"]!, (int)executor["shard"]!)));
        Assert.Equal(
            """{"executor":"encoder","shard":0,"replicas":1,"ready":1,"restarts":0,"circuit":"closed","last_error":null,"in_flight":0,"oldest_wait_ms":0,"queue":{"requests":0,"documents":0,"bytes":0}}""",
            ready["executors"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Ready_tells_of_replicas_that_follow_the_load_and_status_of_the_load()
    {
        const string Following = """
            jtype: Flow
            executors: [{name: a, uses: Scripted, autoscale: {min: 0, max: 3, cooldown_period: 200}}, {name: b, uses: Scripted}]
            gateway: {port: 0}
            """;
        await using var gateway = await TestGateway.StartAsync(Following, new TestFlowOptions());
        JsonNode? of = null;
        await TestTimeout.UntilAsync(
            async () => (string?)(of = JsonNode.Parse(await gateway.Http.GetStringAsync("/ready"))!["executors"]![0]!["autoscale"]!)["last_change"] is not null, "a change");

        Assert.Equal((0, 3, 2d, "1 → 0: no call for 0.2 s"), ((int)of!["min"]!, (int)of["max"]!, (double)of["target"]!, (string)of["last_change"]!));
        Assert.NotNull(of["changed_at"]);
        var load = JsonNode.Parse(await gateway.Http.GetStringAsync("/status"))!["flow"]!["load"]!.AsObject();
        Assert.Equal(["a", "b"], load.Select(pair => pair.Key));
        Assert.Equal((0d, 0d), ((double)load["a"]!["in_flight"]!, (double)load["a"]!["oldest_wait_ms"]!));
    }

    [Fact]
    public async Task While_the_circuit_is_open_ready_and_requests_are_503_and_afterwards_all_is_well()
    {
        var broken = true;
        using var release = new ManualResetEventSlim();
        var script = new FlowScript().Edit("a", _ =>
        {
            if (Volatile.Read(ref broken))
            {
                release.Wait(CancellationToken.None);
            }
        });
        await using var gateway = await TestGateway.StartAsync(FlowText.Graph(("a, timeout_executor: 200, retries: 0", "gateway")).WithGateway("port: 0"), new TestFlowOptions { Script = script });
        script.OnLoad = (_, _) => Volatile.Read(ref broken) ? throw new InvalidOperationException("the model is gone") : Task.CompletedTask;
        using (var hung = await gateway.PostAsync("""{"data":[{}]}"""))
        {
            Assert.Equal(HttpStatusCode.GatewayTimeout, hung.StatusCode);
        }

        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Health[0] is { IsOpen: true, Restarts: 1 }, "the circuit to open");
        using var ready = await gateway.Http.GetAsync("/ready");
        using var refused = await gateway.PostAsync("""{"data":[{}]}""");
        var report = (await TestGateway.ReadAsync(ready))!;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.False((bool)report["ready"]!);
        Assert.Equal(("open", 0, 1, "the model is gone"), ((string)report["executors"]![0]!["circuit"]!, (int)report["executors"]![0]!["ready"]!, (int)report["executors"]![0]!["restarts"]!, (string)report["executors"]![0]!["last_error"]!));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("'a' is being restarted", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Volatile.Write(ref broken, false);
        release.Set();
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.IsHealthy, "the executor to be restarted");
        using var after = await gateway.PostAsync("""{"data":[{}]}""");
        Assert.Null((await TestGateway.ReadAsync(after))!["header"]!["status"]);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Http.GetAsync("/ready")).StatusCode);
    }

    [Fact]
    public async Task A_call_that_hangs_is_504_as_Jinas_timeout_is()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(
            FlowText.Graph(("a, timeout_executor: 100, retries: 0", "gateway")).WithGateway("port: 0"), new TestFlowOptions { Script = new FlowScript().On("a", _ => gate.PassAsync()) });

        var (status, body) = await gateway.AskAsync("""{"data":[{}]}""");

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Equal("a", (string)body["header"]!["status"]!["exception"]!["executor"]!);
        Assert.Contains("timeout_executor", (string)body["header"]!["status"]!["description"]!, StringComparison.Ordinal);
        gate.Open();
    }

    [Fact]
    public async Task A_full_disk_of_an_executor_is_507_with_the_reason_in_Jinas_place()
    {
        var script = new FlowScript().On("a", _ => throw new FlowKitException(FlowErrorCode.ResourceExhausted, "The index 'index.db' cannot be written: the disk is full"));
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a").WithGateway("port: 0"), new TestFlowOptions { Script = script });

        var (status, body) = await gateway.AskAsync("""{"data":[{}]}""");

        Assert.Equal(HttpStatusCode.InsufficientStorage, status);
        var told = body["header"]!["status"]!;
        Assert.Equal((1, "ResourceExhausted", "Scripted"), ((int)told["code"]!, (string)told["exception"]!["name"]!, (string)told["exception"]!["executor"]!));
        Assert.Contains("the disk is full", (string)told["description"]!, StringComparison.Ordinal);
        Assert.True(gateway.Flow.Runtime.Health[0] is { Restarts: 0, IsOpen: false });
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_port_that_another_start_has_taken_meanwhile_is_told_in_a_sentence_and_without_a_stack_trace(string host)
    {
        using var logs = new CollectedLogs();
        using var other = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway($"host: {host}, port: {port}"), new TestFlowOptions { Loggers = logs });

        var error = await Assert.ThrowsAsync<FlowKitException>(() => GatewayHost.StartAsync(flow.Runtime, flow.Config, logs, CancellationToken.None));

        Assert.StartsWith($"The gateway cannot listen on {host}:{port}: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scale_changes_the_replicas_of_every_shard_and_answers_when_they_serve()
    {
        await using var gateway = await StartAsync();

        var up = await ScaleAsync(gateway, """{"executor":"indexer","replicas":3}""");
        var grown = gateway.Flow.Runtime.Health.Where(health => health.Executor == "indexer").Select(health => (health.Replicas, health.Ready)).ToList();
        var down = await ScaleAsync(gateway, """{"executor":"indexer","replicas":1}""", "application/json; charset=utf-8");

        Assert.Equal((HttpStatusCode.OK, """{"executor":"indexer","replicas":3}"""), up);
        Assert.Equal([(3, 3), (3, 3)], grown);
        Assert.Equal(HttpStatusCode.OK, down.Status);
        Assert.All(gateway.Flow.Runtime.Health, health => Assert.Equal((1, 1), (health.Replicas, health.Ready)));
    }

    [Fact]
    public async Task An_unknown_executor_is_404_and_a_near_name_is_offered()
    {
        await using var gateway = await StartAsync();

        var (status, body) = await ScaleAsync(gateway, """{"executor":"encodr","replicas":2}""");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("did you mean 'encoder'?", (string)JsonNode.Parse(body)!["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"executor":"encoder","replicas":0}""", "replicas: expected a whole number from 1 to 1024")]
    [InlineData("""{"executor":"encoder","replicas":-1}""", "replicas")]
    [InlineData("""{"executor":"encoder","replicas":1025}""", "replicas")]
    [InlineData("""{"executor":"encoder","replicas":99999999999}""", "replicas")]
    [InlineData("""{"executor":"encoder","replicas":1.5}""", "replicas")]
    [InlineData("""{"executor":"encoder","replicas":"2"}""", "replicas")]
    [InlineData("""{"executor":"encoder"}""", "replicas")]
    [InlineData("""{"replicas":2}""", "executor: expected the name of an executor")]
    [InlineData("""{"executor":5,"replicas":2}""", "executor")]
    [InlineData("""{"executor":{},"replicas":2}""", "executor")]
    [InlineData("{\"executor\":\"\\ud800\",\"replicas\":2}", "executor")]
    [InlineData("""{"executor":"encoder","executor":"indexer","replicas":2}""", "executor")]
    [InlineData("[1]", "expected a JSON object")]
    [InlineData("null", "expected a JSON object")]
    [InlineData("{", "line 1")]
    [InlineData("", "line 1")]
    public async Task A_bad_body_is_400_and_says_why(string body, string expected)
    {
        await using var gateway = await StartAsync();

        var (status, answer) = await ScaleAsync(gateway, body);

        Assert.True(status == HttpStatusCode.BadRequest, $"{status} {answer}");
        Assert.Contains(expected, JsonNode.Parse(answer)!["detail"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.All(gateway.Flow.Runtime.Health, health => Assert.Equal(1, health.Replicas));
    }

    [Fact]
    public async Task Without_the_token_nobody_scales_wherever_the_request_comes_from()
    {
        await using var gateway = await StartAsync();
        var address = gateway.Host.Address;
        (string, string)[][] callers =
        [
            [],
            [("X-Forwarded-For", "127.0.0.1")],
            [("Via", "1.1 localhost")],
            [("Host", $"localhost:{address.Port}")],
            [("Authorization", "Bearer 0123456789abcdef")],
            [("X-API-Key", "0123456789abcdef")],
            [("X-API-Key", AdminTokenFile.Read(address.Port)!), ("X-API-Key", "0123456789abcdef")],
        ];

        foreach (var headers in callers)
        {
            var (status, body) = await ScaleAsync(gateway, """{"executor":"encoder","replicas":2}""", isAdmin: false, headers: headers);

            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Contains("flowkit scale", body, StringComparison.Ordinal);
        }

        Assert.Equal(1, gateway.Flow.Runtime.Health[0].Replicas);
    }

    [Fact]
    public async Task The_token_stands_in_a_file_of_this_user_alone_and_goes_with_the_gateway()
    {
        var gateway = await StartAsync();
        var path = AdminTokenFile.PathOf(gateway.Host.Address.Port)!;

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        }

        Assert.Equal(64, (await File.ReadAllTextAsync(path)).Length);
        await gateway.DisposeAsync();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task The_token_opens_nothing_but_administration()
    {
        await using var gateway = await TestGateway.StartAsync("api_keys: first-key-0123456789");
        var token = ("X-API-Key", AdminTokenFile.Read(gateway.Host.Address.Port)!);

        Assert.Equal(HttpStatusCode.Forbidden, await Security.RouteTable.AskAsync(gateway, ("POST", "/post"), "application/json", token));
        Assert.Equal(HttpStatusCode.Forbidden, await Security.RouteTable.AskAsync(gateway, ("POST", "/admin/scale"), "application/json", ("X-API-Key", "first-key-0123456789")));
        Assert.Equal(HttpStatusCode.BadRequest, await Security.RouteTable.AskAsync(gateway, ("POST", "/admin/scale"), "application/json", token));
    }

    [Theory]
    [InlineData("host: 127.0.0.1", true)]
    [InlineData("host: 0.0.0.0", false)]
    [InlineData("api_keys: first-key-0123456789", false)]
    public async Task What_failed_is_told_to_holders_of_a_key_and_on_this_machine_alone(string settings, bool isTold)
    {
        var script = new FlowScript().On("a", _ => throw new InvalidOperationException("no account pear, by quince"));
        await using var gateway = await TestGateway.StartAsync(settings, script);
        await gateway.Flow.PostAsync("/run", new Document { Text = "x" });

        var open = await gateway.Http.GetStringAsync("/ready");
        using var keyed = new HttpRequestMessage(HttpMethod.Get, "/ready") { Headers = { { "X-API-Key", "first-key-0123456789" } } };
        using var answer = await gateway.Http.SendAsync(keyed);

        Assert.Equal(isTold, open.Contains("quince", StringComparison.Ordinal));
        Assert.True((bool)JsonNode.Parse(open)!["ready"]!);
        if (!isTold)
        {
            Assert.Equal("""{"ready":true}""", open);
        }

        Assert.Equal(!settings.StartsWith("host: 0", StringComparison.Ordinal), (await answer.Content.ReadAsStringAsync()).Contains("quince", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Only_JSON_is_taken_so_that_no_page_can_ask_without_the_browsers_leave(string type)
    {
        await using var gateway = await StartAsync();

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await ScaleAsync(gateway, """{"executor":"encoder","replicas":2}""", type)).Status);
    }

    [Fact]
    public async Task A_replica_that_does_not_start_is_500_and_the_others_serve_on()
    {
        await using var gateway = await TestGateway.StartAsync();
        var scaled = await ScaleAsync(gateway, """{"executor":"a","replicas":2}""");

        // A scripted executor cannot be made outside the test's own calls, as a model that is gone cannot.
        Assert.Equal(HttpStatusCode.InternalServerError, scaled.Status);
        Assert.Contains("'a'", scaled.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("""{"data":[{}]}""")).StatusCode);
    }
}
