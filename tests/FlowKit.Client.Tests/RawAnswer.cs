using System.Net.Sockets;
using System.Text;

namespace FlowKit.Client.Tests;

/// <summary>A gateway that says one thing, to the letter, and nothing more.</summary>
internal static class RawAnswer
{
    /// <summary>Takes a connection and a request, answers, and waits until the other side has gone.</summary>
    public static async Task SendAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[64 * 1024]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        client.Client.Shutdown(SocketShutdown.Send);
        while (await stream.ReadAsync(new byte[1024]) > 0)
        {
        }
    }
}
