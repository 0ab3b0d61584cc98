using FlowKit.Components.Launching;
using FlowKit.Serving.Gateway;
using FlowKit.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// <c>GET /metrics</c>, for Prometheus: what this process measures, and what the executors of its flows measure in processes and containers
/// of their own, each with the labels of its replica. One that does not answer in time is left out.
/// </summary>
internal sealed class MetricsRoute : IGatewayRoutes, IDisposable
{
    /// <summary>The path, as Prometheus asks for it by default.</summary>
    public const string Path = "/metrics";

    /// <summary>Well below the ten seconds that Prometheus waits.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private readonly PrometheusText _own = new("flowkit", static metrics => metrics.AddFlowMeters());

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(
        Path, (RequestDelegate)(context => AnswerAsync(context, routes.ServiceProvider))).ExcludeFromDescription();

    /// <inheritdoc/>
    public void Dispose() => _own.Dispose();

    private async Task AnswerAsync(HttpContext context, IServiceProvider services)
    {
        var accepted = context.Request.Headers.Accept.ToString();
        var workers = FlowInstruments.Flows.SelectMany(flow => flow.Operations.Launched).ToList();
        var reading = Task.WhenAll(workers.Select(worker => ReadAsync(worker, accepted, context.RequestAborted)));
        var (type, text) = await _own.ReadAsync(services, accepted, context.RequestAborted);
        if (workers.Count > 0)
        {
            var families = new MetricFamilies(text);
            foreach (var (worker, told) in workers.Zip(await reading))
            {
                var place = worker.Context;
                families.Add(told ?? "", place.Name, place.ShardId, place.ReplicaId);
            }

            text = families.ToString();
        }

        context.Response.ContentType = type;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static async Task<string?> ReadAsync(LaunchedExecutor worker, string accepted, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            return await worker.ReadMetricsAsync(accepted, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
