using System.Globalization;
using FlowKit.Configuration.Monitoring;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>The keys of monitoring, as a gateway and the listener of an executor take them.</summary>
internal static class MonitoringOptions
{
    /// <summary>Writes those that are on, each with its value.</summary>
    public static IEnumerable<(string Key, string Value)> Of(MonitoringConfig monitoring)
    {
        if (monitoring.Port is { } port)
        {
            yield return ("monitoring", "true");
            yield return ("port_monitoring", port.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var option in Of("metrics", monitoring.MetricsExporter).Concat(Of("tracing", monitoring.TracesExporter)))
        {
            yield return option;
        }
    }

    private static IEnumerable<(string Key, string Value)> Of(string key, Uri? exporter)
    {
        if (exporter is not null)
        {
            var name = key == "tracing" ? "traces" : key;
            yield return (key, "true");
            yield return ($"{name}_exporter_host", $"{exporter.Scheme}://{exporter.Host}");
            yield return ($"{name}_exporter_port", exporter.Port.ToString(CultureInfo.InvariantCulture));
        }
    }
}
