using System.Text;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Grpc;

/// <summary>A server of <c>packets.proto</c>, whoever wrote it, with a channel to it.</summary>
internal sealed class PacketPeer(GrpcConnection channel, Func<ValueTask> stop) : IAsyncDisposable
{
    public GrpcConnection Channel { get; } = channel;

    /// <summary>Waits until the server has seen the end of a call that waited.</summary>
    public async Task EndedAsync(string name)
    {
        using var limit = new CancellationTokenSource(TestTimeout.Limit);
        for (var ended = ""; !ended.Contains(name, StringComparison.Ordinal); await Task.Delay(5, limit.Token))
        {
            ended = Encoding.UTF8.GetString(await Channel.UnaryAsync(Packets.Wait, "ended?"u8.ToArray()).WithTimeout());
        }
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await stop();
    }
}
