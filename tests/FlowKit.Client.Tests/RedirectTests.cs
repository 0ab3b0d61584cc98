using System.Net;
using System.Net.Sockets;

namespace FlowKit.Client.Tests;

/// <summary>A key and documents go to the flow's own address, and to no other host that an answer names.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task No_redirect_is_followed_and_the_error_names_it(int status)
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        var elsewhere = $"http://127.0.0.1:{((IPEndPoint)second.LocalEndpoint).Port}/";
        var answering = RawAnswer.SendAsync(
            first, $"HTTP/1.1 {status} Elsewhere\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var client = new FlowClient($"http://127.0.0.1:{((IPEndPoint)first.LocalEndpoint).Port}", new FlowClientOptions { ApiKey = "first-key-0123456789" });

        var error = await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document { Text = "x" }]));

        await answering;
        Assert.False(second.Pending());
        Assert.Equal(FlowErrorCode.FailedPrecondition, error.Error.Code);
        Assert.Contains($"sends elsewhere, to '{elsewhere}'", error.Message, StringComparison.Ordinal);
    }
}
