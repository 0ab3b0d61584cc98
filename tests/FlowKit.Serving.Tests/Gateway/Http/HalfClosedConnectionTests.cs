using System.Net.Sockets;
using System.Text;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

/// <summary>A client that closes its sending half waits for its answer; one that closes both has left.</summary>
public sealed class HalfClosedConnectionTests
{
    private const string Body = """{"data":[{"id":"1"}],"execEndpoint":"/x"}""";

    [Fact]
    public async Task A_half_closed_client_is_answered()
    {
        using var gate = new ManualGate();
        await using var gateway = await StartAsync(gate);
        using var client = await AskAsync(gateway);
        client.Client.Shutdown(SocketShutdown.Send);
        await gate.ArrivedAsync();
        await Task.Delay(300);
        gate.Open();

        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync().WithTimeout();

        Assert.Contains("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.EndsWith("}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_closes_both_halves_cancels_the_executor()
    {
        using var gate = new ManualGate();
        await using var gateway = await StartAsync(gate);
        var client = await AskAsync(gateway);
        await gate.ArrivedAsync();

        client.Dispose();

        await TestTimeout.UntilAsync(() => gate.Waiting == 0, "the executor to be cancelled");
    }

    [Fact]
    public async Task One_that_leaves_after_half_of_it_cancels_the_executor()
    {
        using var gate = new ManualGate();
        await using var gateway = await StartAsync(gate);
        var client = await AskAsync(gateway);
        await gate.ArrivedAsync();
        client.Client.Shutdown(SocketShutdown.Send);
        await Task.Delay(300);
        Assert.Equal(1, gate.Waiting);

        client.Client.Close(0);

        await TestTimeout.UntilAsync(() => gate.Waiting == 0, "the executor to be cancelled");
    }

    private static Task<TestGateway> StartAsync(ManualGate gate) =>
        TestGateway.StartAsync(script: new FlowScript().On("a", call => gate.PassAsync(call.Token)));

    private static async Task<TcpClient> AskAsync(TestGateway gateway)
    {
        var client = new TcpClient();
        await client.ConnectAsync(gateway.Host.Address.Host, gateway.Host.Address.Port);
        var head = $"POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + Body));
        return client;
    }
}
