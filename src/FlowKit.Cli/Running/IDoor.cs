using FlowKit.Components;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving;
using Microsoft.Extensions.Logging;

namespace FlowKit.Cli.Running;

/// <summary>How a flow that has started is reached.</summary>
internal interface IDoor
{
    /// <summary>Listens, and tells people where.</summary>
    Task<IServingHost> OpenAsync(FlowRuntime flow, FlowConfig config, ComponentCatalog catalog, ILoggerFactory loggers, CancellationToken cancellationToken);
}
