using System.Diagnostics.Metrics;

namespace FlowKit.Clip.Inference;

/// <summary>The meter of what models and their caches tell, under FlowKit's own name.</summary>
internal static class ClipMeter
{
    public static readonly Meter Own = new("FlowKit");
}
