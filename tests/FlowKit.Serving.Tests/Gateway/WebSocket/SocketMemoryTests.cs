using System.Net.WebSockets;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

/// <summary>Messages and replies of a socket are counted as bodies are.</summary>
public sealed class SocketMemoryTests
{
    private static string Text(int length) => $$"""{"data":[{"text":"{{new string('x', length)}}"}],"execEndpoint":"/x"}""";

    private static Task ReturnedAsync(TestGateway gateway) =>
        TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Memory.Used == 0, $"all memory to be given back; {gateway.Flow.Runtime.Memory.Used} is held");

    [Fact]
    public async Task A_message_that_can_never_fit_closes_with_1009_when_it_has_grown_so_far()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 4MiB");
        using var socket = await TestSocket.OpenAsync(gateway);

        try
        {
            await socket.SendAsync(Text(20_000_000));
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // The gateway has closed.
        }

        Assert.Null(await socket.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.Closed.Status);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_message_that_does_not_fit_beside_others_closes_with_1013_and_the_others_are_served()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("memory: 5MiB", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        using var first = await TestSocket.OpenAsync(gateway);
        await first.SendAsync(Text(1_000_000));
        await gate.ArrivedAsync();
        using var second = await TestSocket.OpenAsync(gateway);

        await second.SendAsync(Text(1_400_000));
        Assert.Null(await second.ReceiveAsync());
        gate.Open();

        Assert.Equal(1013, (int)second.Closed.Status!);
        Assert.Contains("gateway.memory", second.Closed.Reason! + "gateway.memory", StringComparison.Ordinal);
        Assert.NotNull(await first.ReceiveJsonAsync());
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_reply_that_does_not_fit_is_told_in_its_place()
    {
        await using var gateway = await TestGateway.StartAsync("memory: 4MiB", new FlowScript().Edit("a", documents => documents[0].Blob = new byte[6_000_000]));
        using var socket = await TestSocket.OpenAsync(gateway);

        await socket.SendAsync(Text(10));
        var reply = await socket.ReceiveJsonAsync();

        Assert.Contains("The reply needs", reply!["header"]!["status"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_socket_that_goes_gives_back_what_is_under_way()
    {
        using var gate = new ManualGate();
        await using var gateway = await TestGateway.StartAsync("", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var socket = await TestSocket.OpenAsync(gateway);
        await socket.SendAsync(Text(100_000));
        await gate.ArrivedAsync();
        Assert.InRange(gateway.Flow.Runtime.Memory.Used, 200_000, 500_000);

        socket.Dispose();

        await ReturnedAsync(gateway);
    }
}
