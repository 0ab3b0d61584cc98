using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Aspire.Hosting.Flows;

/// <summary>Asks an executor over gRPC whether it serves (<c>grpc.health.v1</c>).</summary>
/// <param name="endpoint">Its endpoint.</param>
internal sealed class ExecutorHealthCheck(EndpointReference endpoint) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private GrpcChannel? _channel;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "it has no address yet");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            var answer = await new HealthClient(Channel()).CheckAsync(new HealthCheckRequest(), cancellationToken: limit.Token);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, $"it says {answer.Status}");
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var told = limit.IsCancellationRequested ? $"it did not answer within {s_limit.TotalSeconds} s" : exception.Status.Detail;
            return new HealthCheckResult(context.Registration.FailureStatus, told);
        }
    }

    public void Dispose() => _channel?.Dispose();

    private GrpcChannel Channel()
    {
        lock (_lock)
        {
            return _channel ??= GrpcChannel.ForAddress(endpoint.Url);
        }
    }
}
