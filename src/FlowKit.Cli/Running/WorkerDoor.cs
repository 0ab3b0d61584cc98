using FlowKit.Cli.Output;
using FlowKit.Components;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving;
using FlowKit.Serving.Worker;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Running;

/// <summary>A worker: one executor for a gateway elsewhere.</summary>
internal sealed class WorkerDoor : IDoor
{
    public async Task<IServingHost> OpenAsync(FlowRuntime flow, FlowConfig config, ComponentCatalog catalog, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var worker = await WorkerHost.StartAsync(flow, config, loggers, cancellationToken);
        var executor = config.Executors[0];
        Report.Line($"Executor '{executor.Name}' ({executor.Uses}) answers {string.Join(", ", flow.Endpoints.Keys.Order(StringComparer.Ordinal).Select(endpoint => endpoint == RequestsAttribute.Default ? "any other endpoint" : endpoint))}");
        Report.Line($"Executor is ready to serve at {(config.Gateway.Socket is { } socket ? $"unix://{socket}" : $"{(worker.Address.Scheme == Uri.UriSchemeHttps ? "grpcs" : "grpc")}://{worker.Address.Authority}")}. Ctrl-C stops it.");
        return worker;
    }
}
