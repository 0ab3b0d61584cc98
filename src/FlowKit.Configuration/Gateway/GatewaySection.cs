using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Gateway.Queue;
using FlowKit.Configuration.Monitoring;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Gateway;

/// <summary>Reads <c>gateway:</c>, with what <c>with:</c> says where it is silent.</summary>
/// <param name="diagnostics">Collects mistakes.</param>
/// <param name="environment">Reads an environment variable.</param>
internal sealed class GatewaySection(ConfigDiagnostics diagnostics, Func<string, string?> environment)
{
    private const string Path = "gateway";

    private static readonly string[] s_compat = ["openai", "roboflow", "subnet19"];

    /// <param name="section">The mapping under <c>gateway:</c>; <see langword="null"/> when there is none.</param>
    /// <param name="with">The values under <c>with:</c>.</param>
    /// <param name="place">Where the gateway is written.</param>
    public GatewayConfig Read(YamlMapping? section, KeyValues? with, SourcePlace place)
    {
        var values = (section is null ? new KeyValues(place) : GatewayKeys.Table.Read(section, Path, diagnostics)).Over(with);
        var timeout = values.Get(GatewayKeys.TimeoutSend);
        var security = new SecuritySection(diagnostics, environment).Read(values);
        return new GatewayConfig
        {
            Host = values.Get(GatewayKeys.Host) ?? GatewayConfig.Defaults.Host,
            Ports = new GatewayPortsSection(diagnostics).Read(values),
            Title = values.Get(GatewayKeys.Title),
            Description = values.Get(GatewayKeys.Description),
            Examples = ReadExamples(values),
            Cors = values.Get(GatewayKeys.Cors),
            NoDebugEndpoints = values.Get(GatewayKeys.NoDebugEndpoints),
            NoCrudEndpoints = values.Get(GatewayKeys.NoCrudEndpoints),
            ShowStacks = values.Get(GatewayKeys.ShowStacks),
            ExposedEndpoints = new ExposedEndpointsSection(diagnostics).Read(values.Get(GatewayKeys.ExposeEndpoints)),
            Compat = ReadCompat(values),
            CompatTakesAnyModel = values.Get(GatewayKeys.CompatModel) == "any",
            Prefetch = values.Get(GatewayKeys.Prefetch),
            MaxConnections = values.Has(GatewayKeys.MaxConnections) ? values.Get(GatewayKeys.MaxConnections) : null,
            Compression = values.Get(GatewayKeys.Compression),
            DocArrayVersion = values.Get(GatewayKeys.DocArrayVersion),
            Security = security,
            Strict = values.Get(GatewayKeys.Strict),
            Capacity = values.Get(GatewayKeys.Capacity),
            TimeoutSend = timeout == Timeout.InfiniteTimeSpan ? null : timeout,
            MaxRequestBytes = values.Get(GatewayKeys.MaxRequestSize),
            Memory = values.Get(GatewayKeys.Memory),
            TimeoutStop = values.Get(GatewayKeys.TimeoutStop),
            Queue = new QueueSection(diagnostics).Read(values.Get(GatewayKeys.Queue)),
            Monitoring = new MonitoringSection(diagnostics).Read(values, values.Get(MonitoringKeys.Port), Path),
            Place = values.PlaceOf(GatewayKeys.Port),
        };
    }

    private string[] ReadExamples(KeyValues values)
    {
        var written = values.Get(GatewayKeys.Examples);
        foreach (var endless in written.Where(example => example.Value.Length > GatewayConfig.MaxExampleLength))
        {
            diagnostics.Add(
                endless.Place,
                $"{Path}.examples",
                $"expected at most {GatewayConfig.MaxExampleLength} characters, not {endless.Value.Length}");
        }

        if (written.Count > GatewayConfig.MaxExamples)
        {
            diagnostics.Add(written[0].Place, $"{Path}.examples", $"expected at most {GatewayConfig.MaxExamples}, not {written.Count}");
        }

        return [.. written.Select(example => example.Value.Trim()).Where(example => example.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    private string[] ReadCompat(KeyValues values)
    {
        var named = values.Get(GatewayKeys.Compat);
        foreach (var other in named.Where(name => !s_compat.Contains(name.Value, StringComparer.Ordinal)))
        {
            diagnostics.Add(
                other.Place,
                $"{Path}.compat",
                $"expected {string.Join(", ", s_compat)}, not {other.Shown}{NearestName.Hint(other.Value, s_compat)}");
        }

        var known = named.Select(name => name.Value).Where(name => s_compat.Contains(name, StringComparer.Ordinal));
        return [.. known.Distinct(StringComparer.Ordinal)];
    }
}
