using FlowKit.Cli.Output;
using FlowKit.Components;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving;
using FlowKit.Serving.Gateway;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Running;

/// <summary>A gateway before the whole flow.</summary>
internal sealed class GatewayDoor : IDoor
{
    public async Task<IServingHost> OpenAsync(FlowRuntime flow, FlowConfig config, ComponentCatalog catalog, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var gateway = await GatewayHost.StartAsync(flow, config, catalog, loggers, cancellationToken);
        EndpointTableView.Show(flow, config, gateway.Address);
        return gateway;
    }
}
