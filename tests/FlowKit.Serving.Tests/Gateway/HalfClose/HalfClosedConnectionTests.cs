using System.Net.Sockets;
using System.Text;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway.HalfClose;

/// <summary>A client that closes its sending half waits for its answer; one that closes both has left.</summary>
public sealed class HalfClosedConnectionTests : IDisposable
{
    private const string Body = """{"data":[{"id":"1"}],"execEndpoint":"/x"}""";
    private const string Interim = "HTTP/1.1 102 Processing\r\n\r\n";

    private readonly ManualGate _gate = new();

    public void Dispose() => _gate.Dispose();

    [Theory]
    [InlineData("1.1", false, "http")]
    [InlineData("1.1", true, "http")]
    [InlineData("1.1", true, "[grpc, http]")]
    [InlineData("1.0", true, "http")]
    public async Task A_half_closed_client_is_answered_however_late(string version, bool isChunked, string protocol)
    {
        await using var gateway = await StartAsync(protocol);
        using var client = await AskAsync(gateway, version, isChunked);
        client.Socket.Shutdown(SocketShutdown.Send);
        await _gate.ArrivedAsync();
        if (version == "1.1")
        {
            await ReadExactlyAsync(client, Interim);
        }

        _gate.Open();

        var answer = await new StreamReader(client).ReadToEndAsync().WithTimeout();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("}", answer, StringComparison.Ordinal);
    }

    /// <summary>The system keeps both until the gateway accepts the connection.</summary>
    [Fact]
    public async Task A_request_that_comes_together_with_the_end_is_answered()
    {
        _gate.Open();
        await using var gateway = await StartAsync("http");

        for (var turn = 0; turn < 50; turn++)
        {
            using var client = await AskAsync(gateway, "1.1", isChunked: false);
            client.Socket.Shutdown(SocketShutdown.Send);
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", await new StreamReader(client).ReadToEndAsync().WithTimeout(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_requests_at_once_are_both_answered()
    {
        _gate.Open();
        await using var gateway = await StartAsync("http");
        using var client = (await gateway.ConnectAsync()).GetStream();
        await client.WriteAsync(Encoding.ASCII.GetBytes(Request("1.1", isChunked: false) + Request("1.1", isChunked: true)));
        client.Socket.Shutdown(SocketShutdown.Send);

        var answer = await new StreamReader(client).ReadToEndAsync().WithTimeout();

        Assert.Equal(3, answer.Split("HTTP/1.1 200 OK").Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_leaves_cancels_the_executor(bool withReset)
    {
        await using var gateway = await StartAsync("http");
        using var client = await AskAsync(gateway, "1.1", isChunked: false);
        await _gate.ArrivedAsync();

        client.Socket.LingerState = new LingerOption(withReset, 0);
        client.Close();

        await TestTimeout.UntilAsync(() => _gate.Waiting == 0, "the executor to be cancelled");
    }

    [Fact]
    public async Task One_that_leaves_after_half_of_it_cancels_the_executor()
    {
        await using var gateway = await StartAsync("http");
        using var client = await AskAsync(gateway, "1.1", isChunked: false);
        await _gate.ArrivedAsync();
        client.Socket.Shutdown(SocketShutdown.Send);
        await ReadExactlyAsync(client, Interim);
        Assert.Equal(1, _gate.Waiting);

        client.Socket.LingerState = new LingerOption(true, 0);
        client.Close();

        await TestTimeout.UntilAsync(() => _gate.Waiting == 0, "the executor to be cancelled");
    }

    [Fact]
    public async Task A_body_that_ends_early_is_no_request()
    {
        await using var gateway = await StartAsync("http");
        using var client = (await gateway.ConnectAsync()).GetStream();
        await client.WriteAsync(Encoding.ASCII.GetBytes(Request("1.1", isChunked: false)[..^5]));
        client.Socket.Shutdown(SocketShutdown.Send);

        var answer = await ReadRestAsync(client).WithTimeout();

        Assert.DoesNotContain(" 200 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, _gate.Waiting);
    }

    private static async Task ReadExactlyAsync(NetworkStream client, string expected)
    {
        var read = new byte[expected.Length];
        await client.ReadExactlyAsync(read).AsTask().WithTimeout();
        Assert.Equal(expected, Encoding.ASCII.GetString(read));
    }

    private static async Task<string> ReadRestAsync(NetworkStream client)
    {
        try
        {
            return await new StreamReader(client).ReadToEndAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<NetworkStream> AskAsync(TestGateway gateway, string version, bool isChunked)
    {
        var client = (await gateway.ConnectAsync()).GetStream();
        await client.WriteAsync(Encoding.ASCII.GetBytes(Request(version, isChunked)));
        return client;
    }

    private static string Request(string version, bool isChunked)
    {
        var head = $"POST /post HTTP/{version}\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        return isChunked && version == "1.1"
            ? $"{head}Transfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n"
            : $"{head}Content-Length: {Body.Length}\r\n\r\n{Body}";
    }

    private Task<TestGateway> StartAsync(string protocol) =>
        TestGateway.StartAsync($"protocol: {protocol}", new FlowScript().On("a", call => _gate.PassAsync(call.Token)));
}
