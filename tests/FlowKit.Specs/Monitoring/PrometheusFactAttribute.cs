namespace FlowKit.Specs.Monitoring;

/// <summary>A fact that needs Prometheus, and says so when it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute() => Skip = Prometheus.IsInstalled ? null : "Prometheus is not installed (Debian: apt-get install prometheus).";
}
