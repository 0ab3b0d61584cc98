namespace FlowKit.Configuration.Monitoring;

/// <summary>
/// The places that are told how a gateway, or an executor, does: Jina's <c>monitoring</c>, <c>metrics</c> and <c>tracing</c>. What they are
/// told has the names that Jina gives it.
/// </summary>
public sealed record MonitoringConfig
{
    /// <summary>The port of a receiver of OTLP where none is given: 4317, OTLP's own for gRPC.</summary>
    public const int DefaultExporterPort = 4317;

    /// <summary>Nobody is told anything.</summary>
    public static readonly MonitoringConfig None = new();

    /// <summary>
    /// The port on which Prometheus finds the metrics, shared by those that name the same one; 0 for a free one, <see langword="null"/> for
    /// none.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>The receiver of metrics, by OTLP over gRPC; <see langword="null"/> for none.</summary>
    public Uri? MetricsExporter { get; init; }

    /// <summary>The receiver of traces, by OTLP over gRPC; <see langword="null"/> for none.</summary>
    public Uri? TracesExporter { get; init; }

    /// <summary>Tells whether anybody is told anything.</summary>
    public bool IsOn => Port is not null || MetricsExporter is not null || TracesExporter is not null;
}
