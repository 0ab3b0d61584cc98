using FlowKit.Runtime;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.Health.V1;
using Status = FlowKit.Wire.Protos.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FlowKit.Serving.Grpc;

/// <summary><c>grpc.health.v1.Health</c>: the server and each of its services serve while the flow is healthy.</summary>
internal sealed class HealthService(FlowRuntime flow, GrpcServer server)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    public void AddTo(GrpcServer target)
    {
        target.AddUnary(JinaMethods.HealthCheck, (request, _) => ValueTask.FromResult(Check(request)));
        target.Add(JinaMethods.HealthWatch, WatchAsync);
    }

    private HealthCheckResponse Check(HealthCheckRequest request) => StatusOf(request) is { } status
        ? new HealthCheckResponse { Status = status }
        : throw new GrpcException(GrpcStatusCode.NotFound, $"The service '{request.Service}' is not here.");

    /// <summary>An unknown service is told as such and may come, so the stream goes on.</summary>
    private async Task WatchAsync(GrpcServerCall<HealthCheckRequest, HealthCheckResponse> call)
    {
        var request = await call.ReadSingleAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, call.Stopping);
        using var timer = new PeriodicTimer(s_step);
        Status? told = null;
        try
        {
            do
            {
                var status = StatusOf(request) ?? Status.ServiceUnknown;
                if (status != told)
                {
                    told = status;
                    await call.WriteAsync(new HealthCheckResponse { Status = status });
                }
            }
            while (await timer.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException) when (call.Stopping.IsCancellationRequested)
        {
            call.ThrowIfStopping();
        }
    }

    private Status? StatusOf(HealthCheckRequest request) =>
        request.Service.Length > 0 && !server.Services.Contains(request.Service) ? null
        : flow.IsHealthy ? Status.Serving
        : Status.NotServing;
}
