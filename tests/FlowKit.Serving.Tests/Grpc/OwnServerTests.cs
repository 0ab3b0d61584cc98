using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Grpc;

/// <summary>Our client with our own server.</summary>
public sealed class OwnServerTests : ClientTests
{
    private protected override async Task<PacketPeer> StartAsync()
    {
        var host = await PacketHost.StartAsync(new GrpcLimits { Compression = "gzip" });
        return new PacketPeer(new GrpcConnection(host.Address), host.DisposeAsync);
    }
}
