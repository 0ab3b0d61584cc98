using System.Net;
using System.Text.Json.Nodes;
using FlowKit.Serving.Remote;
using FlowKit.Serving.Worker;
using FlowKit.TestKit;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>The probes of orchestrators, over HTTP and gRPC.</summary>
public sealed class HealthTests
{
    private static Task<TestWorker> WorkAsync() => TestWorker.StartAsync("name: a, uses: Scripted", new TestFlowOptions());

    private static Task<TestGateway> BehindAsync(int port, string keys = "") => TestGateway.StartAsync(
        $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: {port}{keys}}}\n  - {{name: near, uses: Scripted, needs: gateway}}\n  - {{name: all, uses: Scripted, needs: [far, near]}}\ngateway: {{port: 0}}\n",
        new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });

    private static async Task<(HttpStatusCode Status, JsonNode Body)> AskAsync(TestGateway gateway, string probe)
    {
        using var response = await gateway.Http.GetAsync($"/health/{probe}");
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        return (response.StatusCode, (await TestGateway.ReadAsync(response))!);
    }

    private static async Task<ServingStatus> CheckAsync(TestGateway gateway, string service) =>
        (await new Health.HealthClient(gateway.Grpc!.Calls).CheckAsync(new HealthCheckRequest { Service = service })).Status;

    [Theory]
    [InlineData("live")]
    [InlineData("startup")]
    [InlineData("ready")]
    public async Task Each_probe_of_a_flow_that_serves_is_200(string probe)
    {
        await using var gateway = await TestGateway.StartAsync();

        var (status, body) = await AskAsync(gateway, probe);

        Assert.Equal((HttpStatusCode.OK, """{"healthy":true}"""), (status, body.ToJsonString()));
    }

    [Fact]
    public async Task An_executor_elsewhere_that_has_gone_is_found_without_a_request()
    {
        var worker = await WorkAsync();
        await using var gateway = await BehindAsync(worker.Port);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "ready")).Status);
        Assert.Equal(ServingStatus.Serving, await CheckAsync(gateway, "far"));

        await worker.DisposeAsync();
        await TestTimeout.UntilAsync(async () => (await AskAsync(gateway, "ready")).Status == HttpStatusCode.ServiceUnavailable, "the probe to see it");
        var (_, body) = await AskAsync(gateway, "ready");

        Assert.Equal("far", (string?)body["faults"]![0]!["executor"]);
        Assert.Contains($"localhost:{worker.Port} does not answer", (string?)body["faults"]![0]!["reason"], StringComparison.Ordinal);
        Assert.Single(body["faults"]!.AsArray());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "live")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "startup")).Status);
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(gateway, ""));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(gateway, "far"));
        Assert.Equal(ServingStatus.Serving, await CheckAsync(gateway, "near"));
    }

    [Fact]
    public async Task An_executor_elsewhere_that_says_that_it_does_not_serve_is_believed()
    {
        await using var far = await RelayHost.StartAsync();
        await using var gateway = await BehindAsync(far.Port);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "ready")).Status);

        await using var nested = await WorkAsync();
        await using var relay = await TestGateway.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: inner, external: true, port: {nested.Port}}}\ngateway: {{port: 0, protocol: grpc}}\n", new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });
        await using var outer = await BehindAsync(relay.Host.Address.Port);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(outer, "ready")).Status);
        await nested.DisposeAsync();
        await TestTimeout.UntilAsync(async () => (await AskAsync(outer, "ready")).Status == HttpStatusCode.ServiceUnavailable, "the word of the inner flow");

        Assert.EndsWith("says that it does not serve.", (string?)(await AskAsync(outer, "ready")).Body["faults"]![0]!["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_executors_that_the_reply_waits_for_count()
    {
        var worker = await WorkAsync();
        await using var gateway = await TestGateway.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: near, uses: Scripted}}\n  - {{name: far, external: true, port: {worker.Port}, floating: true}}\ngateway: {{port: 0}}\n",
            new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });
        await worker.DisposeAsync();
        await TestTimeout.UntilAsync(async () => await CheckAsync(gateway, "far") == ServingStatus.NotServing, "the executor to be missed");

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "ready")).Status);
        Assert.Equal(ServingStatus.Serving, await CheckAsync(gateway, ""));
    }

    [Fact]
    public async Task Probes_are_open_and_tell_why_only_to_holders_of_a_key()
    {
        var worker = await WorkAsync();
        await using var gateway = await TestGateway.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: {worker.Port}}}\ngateway: {{port: 0, api_keys: some-key-0123456789}}\n",
            new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });
        await worker.DisposeAsync();
        await TestTimeout.UntilAsync(async () => (await AskAsync(gateway, "ready")).Status == HttpStatusCode.ServiceUnavailable, "the executor to be missed");

        Assert.Equal("""{"healthy":false}""", (await AskAsync(gateway, "ready")).Body.ToJsonString());
        gateway.Http.DefaultRequestHeaders.Add("X-API-Key", "some-key-0123456789");
        Assert.NotNull((await AskAsync(gateway, "ready")).Body["faults"]);
    }

    [Fact]
    public async Task While_the_circuit_of_an_executor_here_is_open_the_flow_is_not_ready()
    {
        using var release = new ManualResetEventSlim();
        var script = new FlowScript().Edit("a", _ => release.Wait(CancellationToken.None));
        await using var gateway = await TestGateway.StartAsync(
            FlowText.Graph(("a, timeout_executor: 200, retries: 0", "gateway")).WithGateway("port: 0"), new TestFlowOptions { Script = script });
        script.OnLoad = (_, _) => throw new InvalidOperationException("the model is gone");
        using (await gateway.PostAsync("""{"data":[{}]}"""))
        {
            await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Health[0].IsOpen, "the circuit to open");
        }

        var (status, body) = await AskAsync(gateway, "ready");
        release.Set();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("the model is gone", (string?)body["faults"]![0]!["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_that_stops_is_not_ready_and_has_started()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.Flow.Runtime.StopAsync(TimeSpan.FromSeconds(5));

        var (status, body) = await AskAsync(gateway, "ready");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The flow is stopping."), (status, (string?)body["faults"]![0]!["reason"]));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, "startup")).Status);
    }

    [Fact]
    public async Task A_service_of_gRPC_that_is_no_executor_is_unknown()
    {
        await using var gateway = await TestGateway.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => CheckAsync(gateway, "nobody"));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Equal(ServingStatus.Serving, await CheckAsync(gateway, "a"));
    }
}
