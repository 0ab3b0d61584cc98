using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Monitoring;

/// <summary>Jina's keys that measure: of a flow, a gateway and an executor.</summary>
internal static class MonitoringKeys
{
    public static readonly Key<bool> Monitoring = Flag("monitoring");
    public static readonly Key<YamlNode?> Port = Written("port_monitoring");
    public static readonly Key<bool> Metrics = Flag("metrics");
    public static readonly Key<string?> MetricsHost = Text("metrics_exporter_host");
    public static readonly Key<int> MetricsPort = ExporterPort("metrics_exporter_port");
    public static readonly Key<bool> Tracing = Flag("tracing");
    public static readonly Key<string?> TracesHost = Text("traces_exporter_host", null, "tracing_exporter_host");
    public static readonly Key<int> TracesPort = ExporterPort("traces_exporter_port", "tracing_exporter_port");

    public static readonly IReadOnlyList<Key> All =
        [Monitoring, Port, Metrics, MetricsHost, MetricsPort, Tracing, TracesHost, TracesPort];

    private static Key<int> ExporterPort(string name, params string[] aliases) =>
        Whole(name, 1, 65535, MonitoringConfig.DefaultExporterPort, aliases);
}
