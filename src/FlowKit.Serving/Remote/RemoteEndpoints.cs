using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using Google.Protobuf.WellKnownTypes;

namespace FlowKit.Serving.Remote;

/// <summary>Asks an executor elsewhere, as Jina's gateway does, which endpoints it answers, so that it is not sent what it would only let pass.</summary>
internal static class RemoteEndpoints
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <returns>The endpoints; <see langword="null"/> when it cannot be reached or does not tell.</returns>
    public static async Task<IReadOnlySet<string>?> AskAsync(GrpcChannel channel, GrpcMetadata? metadata)
    {
        try
        {
            var reply = await channel.UnaryAsync(JinaMethods.EndpointDiscovery, new Empty(), new GrpcCallOptions { Timeout = s_limit, Metadata = metadata });
            return reply.Message.Endpoints.Count == 0 ? null : reply.Message.Endpoints.ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is GrpcException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}
