using FlowKit.Hosting;
using FlowKit.Hosting.Services;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of flows.</summary>
public static class FlowHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that fails while an executor of a flow has no replica that serves, and is degraded while some are missing.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The flow's name; by default the one without a name, or the only one.</param>
    /// <param name="failureStatus">What is reported when it fails. Default <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to choose checks by.</param>
    public static IHealthChecksBuilder AddFlow(
        this IHealthChecksBuilder builder, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name is null or "" ? "flow" : $"flow-{name}",
            services => new FlowHealthCheck(
                services.GetRequiredKeyedService<Flow>((services.GetService<FlowRegistry>() ?? new FlowRegistry()).Find(name).Name)),
            failureStatus,
            tags));
    }
}
