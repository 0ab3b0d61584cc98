using System.Net;
using System.Text;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

public sealed class LoadTests
{
    private const string Body = """{"data":[{"id":"1"}],"execEndpoint":"/x"}""";

    private static readonly byte[] s_request = Encoding.ASCII.GetBytes($"POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

    [Fact]
    public async Task An_overloaded_gateway_answers_429_with_Retry_After_and_recovers()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("capacity: 2", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var held = new[] { gateway.PostAsync(Body), gateway.PostAsync(Body) };
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 2, "the flow to fill");

        using var refused = await gateway.PostAsync(Body);
        using var probe = await gateway.Http.GetAsync("/");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("gateway.capacity", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        gate.Open();
        Assert.All(await Task.WhenAll(held), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        using var after = await gateway.PostAsync(Body);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task A_deadline_is_504_and_the_executor_is_cancelled()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        gateway.Http.DefaultRequestHeaders.Add("X-Request-Timeout-Ms", "50");

        using var response = await gateway.PostAsync(Body);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("DeadlineExceeded", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await TestTimeout.UntilAsync(() => gate.Waiting == 0, "the executor to be cancelled");
        Assert.Equal(0, gateway.Flow.Runtime.InFlight);
    }

    [Fact]
    public async Task A_client_that_goes_away_cancels_its_work_and_frees_its_permit()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("capacity: 1", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        using (var client = await gateway.ConnectAsync())
        {
            await client.GetStream().WriteAsync(s_request);
            await gate.ArrivedAsync();
            client.Client.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        }

        await TestTimeout.UntilAsync(() => gate.Waiting == 0 && gateway.Flow.Runtime.InFlight == 0, "the work to be cancelled");
        gate.Open();
        using var after = await gateway.PostAsync(Body);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task A_client_that_goes_away_while_waiting_never_reaches_the_executor()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var first = gateway.PostAsync(Body);
        await gate.ArrivedAsync();
        using (var client = await gateway.ConnectAsync())
        {
            await client.GetStream().WriteAsync(s_request);
            await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 2, "the second request");
            client.Client.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        }

        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 1, "the second request to be given up");
        gate.Open();
        using var response = await first;
        using var last = await gateway.PostAsync(Body);

        Assert.Equal(2, gateway.Script.CallsOf("a"));
    }

    [Fact]
    public async Task Pipelined_requests_on_one_connection_are_answered_in_order()
    {
        await using var gateway = await TestGateway.StartAsync();
        var requests = Enumerable.Range(0, 20).Select(i => Body.Replace("\"1\"", $"\"{i:00}\"", StringComparison.Ordinal))
            .Select((body, i) => $"POST /post HTTP/1.1\r\nHost: localhost\r\n{(i == 19 ? "Connection: close\r\n" : "")}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        var answer = await gateway.RawAsync(string.Concat(requests));

        var ids = answer.Split("\"data\":[{\"id\":\"").Skip(1).Select(part => part[..2]);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i:00}"), ids);
    }

    [Fact]
    public async Task A_peer_that_dawdles_over_its_headers_or_its_body_is_cut_off()
    {
        var limits = new GatewayLimits { Headers = TimeSpan.FromSeconds(1), BodyGrace = TimeSpan.FromSeconds(1.5) };
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a").WithGateway("port: 0"), new TestFlowOptions(), limits);

        var headers = gateway.RawAsync("POST /post HTTP/1.1\r\nHost: localhost\r\n");
        var body = gateway.RawAsync("POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 408 ", await headers, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 408 ", await body, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Flow.Runtime.InFlight);
    }

    [Fact]
    public async Task Stopping_the_gateway_and_then_the_flow_answers_what_was_accepted()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var held = Enumerable.Range(0, 10).Select(_ => gateway.PostAsync(Body)).ToList();
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 10, "the requests");

        var stopping = gateway.Host.StopAsync(CancellationToken.None);
        await Task.Delay(50);
        gate.Open();
        await stopping.WithTimeout();
        await gateway.Flow.Runtime.StopAsync(TestTimeout.Limit).WithTimeout();

        Assert.All(await Task.WhenAll(held), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.PostAsync(Body));
    }

    [Fact]
    public async Task A_stopped_flow_behind_an_open_gateway_is_503()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.Flow.Runtime.StopAsync(TestTimeout.Limit);

        using var response = await gateway.PostAsync(Body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }
}
