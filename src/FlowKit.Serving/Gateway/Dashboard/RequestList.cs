using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>
/// Answers <c>/status/requests</c>: the slowest requests of the last minutes and the last that failed, each with its hops. Messages of
/// errors are for those alone who may know what failed.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="insight">Says who may know.</param>
internal sealed class RequestList(FlowRuntime flow, Insight insight)
{
    public Task AnswerAsync(HttpContext context)
    {
        var withErrors = insight.IsFor(context);
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new JsonObject { ["slowest"] = Tell(flow.Journal.Slowest, withErrors), ["failed"] = Tell(flow.Journal.Failed, withErrors) },
            context.RequestAborted);
    }

    private static JsonArray Tell(IReadOnlyList<RequestEntry> entries, bool withErrors) =>
        [.. entries.Select(entry => (JsonNode)Tell(entry, withErrors))];

    private static JsonObject Tell(RequestEntry entry, bool withErrors)
    {
        var start = entry.Routes[0].Start;
        return new JsonObject
        {
            ["id"] = entry.Id,
            ["trace"] = entry.Trace,
            ["endpoint"] = entry.Endpoint,
            ["start"] = start.ToUnixTimeMilliseconds(),
            ["ms"] = Math.Round(entry.Duration.TotalMilliseconds, 3),
            ["documents"] = entry.Documents,
            ["error"] = Tell(entry.Error, withErrors),
            ["hops"] = new JsonArray([.. entry.Routes.Skip(1).Select(hop => (JsonNode)Tell(hop, start, withErrors))]),
        };
    }

    private static JsonObject Tell(RouteTiming hop, DateTimeOffset start, bool withErrors) => new()
    {
        ["executor"] = hop.Executor,
        ["from_ms"] = Math.Round((hop.Start - start).TotalMilliseconds, 3),
        ["to_ms"] = hop.End is { } end ? Math.Round((end - start).TotalMilliseconds, 3) : null,
        ["batch"] = hop.Batch,
        ["error"] = Tell(hop.Error, withErrors),
    };

    private static JsonObject? Tell(FlowError? error, bool withErrors) => error is null ? null : new JsonObject
    {
        ["code"] = error.Code.ToString(),
        ["executor"] = error.Executor,
        ["message"] = withErrors ? error.Message : null,
    };
}
