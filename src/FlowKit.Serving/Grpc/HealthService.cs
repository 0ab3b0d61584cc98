using FlowKit.Runtime;
using FlowKit.Wire.Grpc;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FlowKit.Serving.Grpc;

/// <summary>
/// <c>grpc.health.v1.Health</c>: the server and each of its services serve while every executor that a reply waits for does; the name of
/// an executor is a service too, and stands for that executor alone. Executors elsewhere are asked for real.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="services">The services that there are.</param>
/// <param name="stopping">Ends when the server stops.</param>
internal sealed class HealthService(FlowRuntime flow, IReadOnlySet<string> services, CancellationToken stopping) : Health.HealthBase
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        await StatusOfAsync(request, context.CancellationToken) is { } status
            ? new HealthCheckResponse { Status = status }
            : throw RpcErrors.Create(StatusCode.NotFound, $"The service '{request.Service}' is not here.");

    /// <summary>An unknown service is told as such and may come, so the stream goes on.</summary>
    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        using var timer = new PeriodicTimer(s_step);
        ServingStatus? told = null;
        try
        {
            do
            {
                var status = await StatusOfAsync(request, ending.Token) ?? ServingStatus.ServiceUnknown;
                if (status != told)
                {
                    told = status;
                    await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, ending.Token);
                }
            }
            while (await timer.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw GrpcErrors.Stopping();
        }
    }

    private async Task<ServingStatus?> StatusOfAsync(HealthCheckRequest request, CancellationToken cancellationToken)
    {
        if (request.Service.Length == 0 || services.Contains(request.Service))
        {
            var faults = await flow.Readiness.FindFaultsAsync(cancellationToken);
            return faults.Count == 0 ? ServingStatus.Serving : ServingStatus.NotServing;
        }

        if (!flow.Readiness.Knows(request.Service))
        {
            return null;
        }

        return await flow.Readiness.FindFaultAsync(request.Service, cancellationToken) is null
            ? ServingStatus.Serving
            : ServingStatus.NotServing;
    }
}
