using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FlowKit.Serving.Remote;

/// <summary>Asks an executor elsewhere, as Jina's gateway does, which endpoints it answers, so that it is sent no others.</summary>
internal static class RemoteEndpoints
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <returns>The endpoints; <see langword="null"/> when it cannot be reached or does not tell.</returns>
    public static async Task<DiscoveredEndpoints?> DiscoverAsync(GrpcConnection connection, Metadata? metadata)
    {
        try
        {
            var reply = await connection.UnaryAsync(JinaMethods.EndpointDiscovery, new Empty(), CallSettings.Of(metadata, s_limit));
            return DiscoveredEndpoints.Of(reply);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}
