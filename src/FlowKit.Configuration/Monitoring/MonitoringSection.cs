using System.Globalization;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Monitoring;

/// <summary>Reads the keys that measure, of the gateway or of an executor.</summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class MonitoringSection(ConfigDiagnostics diagnostics)
{
    private static readonly WholeParser s_port = new(0, 65535);

    /// <param name="values">The keys, with those of <c>with:</c> behind them.</param>
    /// <param name="port">The value of <c>port_monitoring</c>; an executor has none by the flow's.</param>
    /// <param name="path">Where they stand, for messages.</param>
    public MonitoringConfig Read(KeyValues values, YamlNode? port, string path)
    {
        // Mistakes are told whether it is on or not.
        var number = ReadPort(port, path);
        var metrics = ReadExporter(values, MonitoringKeys.MetricsHost, MonitoringKeys.MetricsPort, path);
        var traces = ReadExporter(values, MonitoringKeys.TracesHost, MonitoringKeys.TracesPort, path);
        return new MonitoringConfig
        {
            Port = values.Get(MonitoringKeys.Monitoring) ? number : null,
            MetricsExporter = values.Get(MonitoringKeys.Metrics) ? metrics : null,
            TracesExporter = values.Get(MonitoringKeys.Tracing) ? traces : null,
        };
    }

    /// <summary>As in Jina any free port where none is named.</summary>
    private int ReadPort(YamlNode? port, string path)
    {
        var name = $"{path}.{MonitoringKeys.Port.Name}";
        IReadOnlyList<YamlNode> nodes = port switch
        {
            null => [],
            YamlSequence list => list.Items,
            _ => [port],
        };
        var numbers = new List<int>();
        foreach (var node in nodes)
        {
            if (s_port.TryRead(node, name, diagnostics, out var number))
            {
                numbers.Add(number);
            }
        }

        if (numbers.Count > 1)
        {
            diagnostics.Warn(nodes[1].Place, name, "ignored: the first port tells of all replicas, by their 'runtime_name'");
        }

        return numbers.FirstOrDefault();
    }

    private Uri ReadExporter(KeyValues values, Key<string?> host, Key<int> port, string path)
    {
        var text = values.Get(host) ?? "localhost";
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out var uri)
                || uri.Scheme is not ("http" or "https" or "grpc" or "grpcs")
                || uri.Host.Length == 0
                || uri.PathAndQuery is not ("" or "/")
                || uri.UserInfo.Length > 0)
        {
            diagnostics.Add(
                values.PlaceOf(host),
                $"{path}.{host.Name}",
                $"expected a host, or http://host or https://host, not {values.EntryOf(host)!.Value.Shown}");
            return new Uri("http://localhost");
        }

        var scheme = uri.Scheme is "https" or "grpcs" ? "https" : "http";
        var hasPort = !uri.IsDefaultPort || address.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal);
        var number = values.Has(port) || !hasPort ? values.Get(port) : uri.Port;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{HostOf(uri)}:{number}"));
    }

    /// <summary>The address of every interface is a place to listen at; who sends to it means this machine.</summary>
    private static string HostOf(Uri uri) => uri.Host is "0.0.0.0" ? "127.0.0.1" : uri.Host;
}
