using System.Net.WebSockets;
using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

public sealed class SocketTests
{
    private static string Request(string id) => $$"""{"data":[{"id":"{{id}}","text":"x"}],"execEndpoint":"/x"}""";

    private static string IdOf(JsonNode? reply) => reply!["data"]![0]!["id"]!.GetValue<string>();

    [Fact]
    public async Task Requests_are_answered_and_the_empty_object_ends_them()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway, subprotocol: "json");

        await socket.SendAsync(Request("1"));
        var first = await socket.ReceiveJsonAsync();
        await socket.SendAsync(Request("2"));
        await socket.SendAsync(" {\n} ");
        var second = await socket.ReceiveJsonAsync();

        Assert.Equal(("1", "2"), (IdOf(first), IdOf(second)));
        Assert.Equal(32, first!["header"]!["request_id"]!.GetValue<string>().Length);
        Assert.False(first["header"]!.AsObject().ContainsKey("status"));
        Assert.EndsWith("Z", first["routes"]![0]!["start_time"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(await socket.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.Closed.Status);
        Assert.Equal("json", socket.Subprotocol);
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 0, "the flow to be empty");
    }

    [Fact]
    public async Task Replies_come_in_the_order_in_which_they_are_ready()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => call.Documents[0].Id == "slow" ? gate.PassAsync(call.Token) : default);
        await using var gateway = await TestGateway.StartAsync(FlowText.Graph(("a, replicas: 2", "gateway")).WithGateway("port: 0"), new TestFlowOptions { Script = script });
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync(Request("slow"));
        await gate.ArrivedAsync();
        await socket.SendAsync(Request("fast"));
        var first = IdOf(await socket.ReceiveJsonAsync());
        gate.Open();

        Assert.Equal(("fast", "slow"), (first, IdOf(await socket.ReceiveJsonAsync())));
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_prefetch_says()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("prefetch: 2", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        using var socket = await TestSocket.OpenAsync(gateway);
        for (var index = 0; index < 6; index++)
        {
            await socket.SendAsync(Request($"{index}"));
        }

        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 2, "two requests");
        await Task.Delay(50);
        Assert.Equal(2, gateway.Flow.Runtime.InFlight);
        gate.Open();

        var ids = new List<string>();
        for (var index = 0; index < 6; index++)
        {
            ids.Add(IdOf(await socket.ReceiveJsonAsync()));
        }

        Assert.Equal(["0", "1", "2", "3", "4", "5"], ids.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_peer_that_goes_cancels_what_is_under_way(bool politely)
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        using var socket = await TestSocket.OpenAsync(gateway);
        await socket.SendAsync(Request("1"));
        await gate.ArrivedAsync();

        if (politely)
        {
            await socket.CloseAsync();
        }
        else
        {
            socket.Abort();
        }

        await TestTimeout.UntilAsync(() => gate.Waiting == 0, "the executor to be cancelled");
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 0, "the flow to be empty");
    }

    [Fact]
    public async Task A_peer_that_goes_after_the_end_of_its_input_cancels_too()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        using var socket = await TestSocket.OpenAsync(gateway);
        await socket.SendAsync(Request("1"));
        await socket.SendAsync("{}");
        await gate.ArrivedAsync();

        await socket.CloseAsync();

        await TestTimeout.UntilAsync(() => gate.Waiting == 0, "the executor to be cancelled");
    }

    [Theory]
    [InlineData("""{"data": [""", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("""{"data": "x"}""", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("[]", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("", WebSocketCloseStatus.InvalidPayloadData)]
    public async Task What_is_no_request_closes_the_socket_with_a_reason(string message, WebSocketCloseStatus expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync(message);

        Assert.Null(await socket.ReceiveAsync());
        Assert.Equal(expected, socket.Closed.Status);
        Assert.NotEmpty(socket.Closed.Reason!);
        Assert.Equal(200, (int)(await gateway.PostAsync("""{"data":[]}""")).StatusCode);
    }

    [Fact]
    public async Task A_message_over_the_limit_closes_with_1009()
    {
        await using var gateway = await TestGateway.StartAsync("max_request_size: 2000");
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync(new string(' ', 3000));

        Assert.Null(await socket.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.Closed.Status);
        Assert.Contains("max_request_size", socket.Closed.Reason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_does_not_go_on_ends_the_socket()
    {
        var limits = new GatewayLimits { BodyGrace = TimeSpan.FromSeconds(1.5) };
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a").WithGateway("port: 0"), new TestFlowOptions(), limits);
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync("""{"data":""", end: false);

        await Assert.ThrowsAsync<WebSocketException>(socket.ReceiveAsync);
    }

    [Fact]
    public async Task A_failing_executor_is_told_in_the_reply_and_a_missing_one_closes_with_1011_and_at_most_123_bytes()
    {
        var script = new FlowScript().On("a", call => throw (call.Documents[0].Id == "gone"
            ? new FlowKitException(FlowErrorCode.Unavailable, string.Concat(Enumerable.Repeat("žluť ", 50)))
            : new InvalidOperationException("deliberate")));
        await using var gateway = await TestGateway.StartAsync(script: script);
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync(Request("1"));
        var failed = await socket.ReceiveJsonAsync();
        await socket.SendAsync(Request("gone"));

        Assert.Equal(("deliberate", 1), (failed!["header"]!["status"]!["description"]!.GetValue<string>(), failed["header"]!["status"]!["code"]!.GetValue<int>()));
        Assert.Null(await socket.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.InternalServerError, socket.Closed.Status);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(socket.Closed.Reason!), 100, 123);
    }

    [Fact]
    public async Task A_reply_that_JSON_cannot_hold_is_an_error_and_the_socket_goes_on()
    {
        var script = new FlowScript().Edit("a", documents => documents[0].Tags["x"] = documents[0].Id == "1" ? double.NaN : 1);
        await using var gateway = await TestGateway.StartAsync(script: script);
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync(Request("1"));
        var failed = await socket.ReceiveJsonAsync();
        await socket.SendAsync(Request("2"));

        Assert.Equal("1", IdOf(failed));
        Assert.Contains("tags.x: it is NaN", failed!["data"]![0]!["error"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("2", IdOf(await socket.ReceiveJsonAsync()));
    }

    [Fact]
    public async Task An_endpoint_that_nobody_answers_is_an_error_in_the_reply_of_a_strict_gateway()
    {
        var yaml = "jtype: Flow\nexecutors: [{name: exec0, uses: Cap}]\ngateway: {port: 0, protocol: websocket, strict: true}\n";
        await using var gateway = await TestGateway.StartAsync(yaml, new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync("""{"data":[{"id":"1"}],"execEndpoint":"/nope"}""");

        Assert.Contains("/nope", (await socket.ReceiveJsonAsync())!["header"]!["status"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_answers_what_was_read_and_closes_with_1001()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        using var socket = await TestSocket.OpenAsync(gateway);
        await socket.SendAsync(Request("1"));
        await gate.ArrivedAsync();

        var stopped = gateway.Host.StopAsync(CancellationToken.None);
        gate.Open();

        Assert.Equal("1", IdOf(await socket.ReceiveJsonAsync()));
        Assert.Null(await socket.ReceiveAsync());
        await socket.CloseAsync();
        await stopped.WithTimeout();
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.Closed.Status);
    }

    [Fact]
    public async Task A_page_of_another_origin_gets_no_socket_unless_cors_is_on()
    {
        await using var closed = await TestGateway.StartAsync();
        await using var open = await TestGateway.StartAsync("cors: true");

        await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.OpenAsync(closed, "/", null, ("Origin", "http://elsewhere.example")));
        using var own = await TestSocket.OpenAsync(closed, "/", null, ("Origin", closed.Host.Address.GetLeftPart(UriPartial.Authority)));
        using var other = await TestSocket.OpenAsync(open, "/", null, ("Origin", "http://elsewhere.example"));

        Assert.Equal((WebSocketState.Open, WebSocketState.Open), (own.State, other.State));
    }

    [Fact]
    public async Task An_unknown_subprotocol_is_refused_by_name()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.RawAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: soap\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("soap", answer, StringComparison.Ordinal);
    }
}
