using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using Grpc.Core;
using Grpc.Health.V1;

namespace FlowKit.Serving.Remote;

/// <summary>Asks an executor elsewhere by <c>grpc.health.v1.Health</c> whether it serves.</summary>
internal static class RemoteHealth
{
    private static readonly Method<HealthCheckRequest, HealthCheckResponse> s_check =
        JinaMethods.Unary<HealthCheckRequest, HealthCheckResponse>("grpc.health.v1.Health", "Check");

    /// <exception cref="RpcException">It does not answer, or does not know the question.</exception>
    /// <exception cref="OperationCanceledException">The question was given up.</exception>
    public static async Task<HealthCheckResponse.Types.ServingStatus> AskAsync(GrpcConnection connection, CallOptions options) =>
        (await connection.UnaryAsync(s_check, new HealthCheckRequest(), options)).Status;
}
