using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Monitoring;
using FlowKit.Telemetry.Jina;

namespace FlowKit.Hosting.Telemetry;

/// <summary>
/// The gateway or an executor of a flow as Jina's monitoring knows it: a service that has metrics and traces of its own.
/// </summary>
/// <param name="Name">The executor's name, or <c>gateway</c>.</param>
/// <param name="Monitoring">Who is told of it.</param>
internal sealed record Pod(string Name, MonitoringConfig Monitoring)
{
    /// <summary>The name under which it tells of itself, as Jina's pods do.</summary>
    public string Service => $"{Name}/rep-0";

    /// <summary>Tells whether it is the gateway.</summary>
    public bool IsGateway => Name == JinaMeters.GatewayName;

    /// <summary>Returns the pods of a flow of which anybody is told.</summary>
    public static IReadOnlyList<Pod> Of(FlowConfig config) =>
    [
        .. config.Executors.Select(executor => new Pod(executor.Name, executor.Monitoring))
            .Prepend(new Pod(JinaMeters.GatewayName, config.Gateway.Monitoring))
            .Where(pod => pod.Monitoring.IsOn),
    ];
}
