using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;

namespace FlowKit.Serving.Gateway.SharedPorts;

/// <summary>A gateway that names no protocol: gRPC, HTTP/1.1 and WebSocket on one port in clear text.</summary>
public sealed class SharedPortTests
{
    private const string Ask = "GET /dry_run HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static readonly JinaMessage s_message =
        new(new DataRequest { RequestId = "1", ExecEndpoint = "/run", Documents = [new Document("1")] }, DocArrayDialect.V1);

    private static Task<TestGateway> StartAsync(GatewayLimits? limits = null, string settings = "") => TestGateway.StartAsync(
        FlowText.Chain("a").WithGateway($"port: 0{settings}"),
        new TestFlowOptions { Script = new FlowScript().Edit("a", documents => documents[0].Text = "answered") },
        limits);

    private static async Task<string> GrpcAsync(TestGateway gateway) =>
        (await gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, s_message)).Request.Documents[0].Text!;

    private static async Task<string> HttpAsync(TestGateway gateway) =>
        (await gateway.AskAsync("""{"data":[{}],"execEndpoint":"/run"}""")).Body["data"]![0]!["text"]!.GetValue<string>();

    [Theory]
    [InlineData("")]
    [InlineData(", protocol: [grpc, http]")]
    [InlineData(", protocol: [websocket, grpc]")]
    public async Task Every_protocol_answers_on_the_one_port(string settings)
    {
        await using var gateway = await StartAsync(settings: settings);

        Assert.Single(gateway.Host.Addresses);
        Assert.Equal(gateway.Host.GrpcAddress, gateway.Host.HttpAddress);
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.Equal("answered", await GrpcAsync(gateway));
            Assert.Equal("answered", await HttpAsync(gateway));
            using var socket = await TestSocket.OpenAsync(gateway);
            await socket.SendAsync("""{"data":[{}],"execEndpoint":"/run"}""");
            Assert.Equal("answered", (await socket.ReceiveJsonAsync())!["data"]![0]!["text"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task HTTP_2_without_gRPC_is_answered_too()
    {
        await using var gateway = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dry_run") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var reply = await gateway.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (reply.StatusCode, reply.Version));
    }

    [Theory]
    [InlineData("protocol: http")]
    [InlineData("protocol: websocket")]
    public async Task A_port_of_a_named_protocol_speaks_that_alone(string settings)
    {
        await using var gateway = await TestGateway.StartAsync(settings);

        Assert.Null(gateway.Host.GrpcAddress);
        Assert.DoesNotContain("HTTP/1.1 200", await gateway.RawAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_come_one_by_one_are_waited_for()
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync();
        client.NoDelay = true;

        foreach (var letter in "PUT /update HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        {
            await client.GetStream().WriteAsync(new[] { (byte)letter });
        }

        Assert.StartsWith("HTTP/1.1 200", await TestGateway.ReadToEndAsync(client.GetStream()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preface_that_comes_in_pieces_is_HTTP_2()
    {
        await using var gateway = await StartAsync();
        using var client = await gateway.ConnectAsync();
        client.NoDelay = true;
        var stream = client.GetStream();
        foreach (var piece in new[] { "PRI * HTT", "P/2.0\r\n\r\n", "SM\r\n\r\n" })
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(piece));
            await Task.Delay(20);
        }

        // The empty SETTINGS of a client.
        await stream.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
        var head = new byte[9];
        await stream.ReadExactlyAsync(head).AsTask().WithTimeout();

        Assert.Equal(4, head[3]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI * HTTP")]
    public async Task Who_says_too_little_is_one_of_HTTP_1_after_a_while_and_its_limits_end_it(string said)
    {
        await using var gateway = await StartAsync(new GatewayLimits { Headers = TimeSpan.FromMilliseconds(300) });
        using var client = await gateway.ConnectAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(said));
        await Task.Delay(600);
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Ask));
        }
        catch (IOException) when (said.Length > 0)
        {
            return;
        }

        Assert.StartsWith(said.Length == 0 ? "HTTP/1.1 200" : "HTTP/1.1 4", await TestGateway.ReadToEndAsync(client.GetStream()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leaves_without_a_word_leaves_nothing_behind()
    {
        using var logs = new CollectedLogs();
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a").WithGateway("port: 0, max_connections: 2"), new TestFlowOptions { Loggers = logs });
        for (var caller = 0; caller < 20; caller++)
        {
            using var client = await gateway.ConnectAsync();
            client.LingerState = new LingerOption(true, caller % 2 == 0 ? 0 : 1);
            client.Close();
            // Its place is free a little later.
            for (var reply = ""; !reply.StartsWith("HTTP/1.1 200", StringComparison.Ordinal); reply = await gateway.RawAsync(Ask))
            {
                await Task.Delay(5);
            }
        }

        Assert.DoesNotContain(logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_of_gRPC_counts_once()
    {
        await using var gateway = await StartAsync(settings: ", max_connections: 2");

        Assert.Equal("answered", await GrpcAsync(gateway));
        Assert.Equal("answered", await HttpAsync(gateway));
        Assert.Empty(await RefusedAsync(gateway));
        Assert.Equal("answered", await GrpcAsync(gateway));
    }

    /// <summary>What Jina calls a Deployment with HTTP: one executor, its replicas, and both protocols before them.</summary>
    [Fact]
    public async Task The_replicas_of_one_executor_serve_gRPC_and_HTTP_side_by_side()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", async call =>
        {
            if (call.Documents[0].Text == "held")
            {
                await gate.PassAsync(call.Token);
            }

            return null;
        });
        await using var gateway = await TestGateway.StartAsync(
            FlowText.Graph(("a, replicas: 2", "gateway")).WithGateway("port: 0"), new TestFlowOptions { Script = script });
        var held = gateway.AskAsync("""{"data":[{"text":"held"}],"execEndpoint":"/run"}""");
        await gate.ArrivedAsync();

        await gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, s_message).WithTimeout();
        Assert.False(held.IsCompleted);
        gate.Open();

        Assert.Equal(HttpStatusCode.OK, (await held.WithTimeout()).Status);
    }

    [Fact]
    public async Task Stopping_waits_neither_for_silent_connections_nor_for_idle_ones()
    {
        await using var gateway = await StartAsync();
        using var silent = await gateway.ConnectAsync();
        await GrpcAsync(gateway);
        await HttpAsync(gateway);
        var began = Stopwatch.GetTimestamp();

        await gateway.Host.StopAsync(CancellationToken.None).WithTimeout();

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(3), "it took too long");
    }

    /// <summary>A connection above the limit is reset, which shows when it is made or when it is used.</summary>
    private static async Task<string> RefusedAsync(TestGateway gateway)
    {
        try
        {
            return await gateway.RawAsync(Ask);
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
