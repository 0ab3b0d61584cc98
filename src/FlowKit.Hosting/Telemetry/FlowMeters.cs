using FlowKit.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace FlowKit.Hosting.Telemetry;

/// <summary>The meters and activity sources that tell of a flow: its own, its servers', and the runtime's.</summary>
internal static class FlowMeters
{
    private static readonly string[] s_meters =
        [FlowTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>Has metrics taken of all of them.</summary>
    public static MeterProviderBuilder AddFlowMeters(this MeterProviderBuilder builder) => builder.AddMeter(s_meters);

    /// <summary>Has traces taken of calls, and of the requests that they belong to.</summary>
    public static TracerProviderBuilder AddFlowSources(this TracerProviderBuilder builder) =>
        builder.AddSource(FlowTelemetry.Name).AddAspNetCoreInstrumentation();
}
