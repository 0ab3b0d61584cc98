using FlowKit.Orchestration.Devices;
using FlowKit.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace FlowKit.Hosting.Telemetry;

/// <summary>The meters and activity sources that tell of a flow: its own, its servers', and the runtime's.</summary>
internal static class FlowMeters
{
    /// <summary>The activity source of Npgsql, through which PgVectorIndexer asks PostgreSQL.</summary>
    public const string Database = "Npgsql";

    /// <summary>The activity sources of RabbitMQ's client, through which a gateway stores requests and takes them.</summary>
    private const string Queue = "RabbitMQ.Client.*";

    private const string Runtime = "System.Runtime";

    private const string ExemplarFilter = "OTEL_METRICS_EXEMPLAR_FILTER";

    private static readonly string[] s_meters =
        [FlowTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", Runtime];

    /// <summary>Has metrics taken of all of them; those of a sampled request lead to its trace.</summary>
    public static MeterProviderBuilder AddFlowMeters(this MeterProviderBuilder builder)
    {
        GpuMeter.Start();
        builder.AddMeter(s_meters);
        return Environment.GetEnvironmentVariable(ExemplarFilter) is { Length: > 0 }
            ? builder
            : builder.SetExemplarFilter(ExemplarFilterType.TraceBased);
    }

    /// <summary>
    /// Has metrics taken of what only a worker can measure: its models, its index, its process. Its requests and calls are counted where
    /// they come from.
    /// </summary>
    public static MeterProviderBuilder AddWorkerMeters(this MeterProviderBuilder builder) => builder
        .AddMeter(FlowTelemetry.Name, Runtime)
        .AddView(static instrument => instrument.Meter == FlowTelemetry.Meter ? MetricStreamConfiguration.Drop : null);

    /// <summary>Has traces taken of calls, of the requests that they belong to, of what executors ask databases, and of a queue.</summary>
    public static TracerProviderBuilder AddFlowSources(this TracerProviderBuilder builder) =>
        builder.AddSource(FlowTelemetry.Name, Database, Queue).AddAspNetCoreInstrumentation();
}
