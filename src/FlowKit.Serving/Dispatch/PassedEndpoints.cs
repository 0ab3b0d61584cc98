using System.Collections.Concurrent;
using FlowKit.Runtime;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Dispatch;

/// <summary>
/// Tells of endpoints that no executor answers, each once: their documents come back as they went, which is hard to see otherwise.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="logger">Where it is told.</param>
internal sealed partial class PassedEndpoints(FlowRuntime flow, ILogger logger)
{
    /// <summary>Callers choose the names, and must not fill the memory or the log with them.</summary>
    private const int MaxTold = 100;

    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>Names the endpoints that a flow has.</summary>
    public static string Known(FlowRuntime flow) => flow.Endpoints.Keys.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } known
        ? $"It answers {string.Join(", ", known)}."
        : "It answers none.";

    /// <summary>Says once that documents for an endpoint pass through.</summary>
    public void Tell(string endpoint)
    {
        if (_told.Count < MaxTold && _told.TryAdd(endpoint, true))
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
