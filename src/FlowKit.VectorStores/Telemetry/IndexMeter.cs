using System.Diagnostics.Metrics;

namespace FlowKit.VectorStores.Telemetry;

/// <summary>The meter of what indexes tell, under FlowKit's own name.</summary>
internal static class IndexMeter
{
    public static readonly Meter Own = new("FlowKit");
}
