using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FlowKit.Runtime;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Dispatch;

/// <summary>
/// Tells of endpoints that no executor answers, each once: their documents come back as they went, which is hard to see otherwise.
/// </summary>
internal sealed partial class PassedEndpoints
{
    /// <summary>Callers choose the names, and must not fill the memory or the log with them.</summary>
    private const int MaxTold = 100;

    /// <summary>A flow may have several protocols, and a program several flows.</summary>
    private static readonly ConditionalWeakTable<FlowRuntime, PassedEndpoints> s_ofFlows = [];

    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>Names the endpoints that a flow has.</summary>
    public static string Known(FlowRuntime flow) => flow.Endpoints.Keys.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } known
        ? $"It answers {string.Join(", ", known)}."
        : "It answers none.";

    /// <summary>Says once that documents for an endpoint pass through a flow.</summary>
    public static void Tell(FlowRuntime flow, string endpoint, ILogger logger)
    {
        var told = s_ofFlows.GetOrCreateValue(flow)._told;
        if (told.Count < MaxTold && told.TryAdd(endpoint, true))
        {
            Log.Passed(logger, endpoint, Known(flow));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.EndpointPassed,
            LogLevel.Warning,
            "No executor of this flow answers '{Endpoint}': its documents come back unchanged, as in Jina. {Known} "
                + "'strict: true' under 'gateway:' refuses such requests")]
        public static partial void Passed(ILogger logger, string endpoint, string known);
    }
}
