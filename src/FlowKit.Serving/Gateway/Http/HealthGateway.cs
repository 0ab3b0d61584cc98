using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Health as orchestrators ask for it: three questions, each answered 200 or 503.</summary>
/// <param name="readiness">Tells whether the flow serves.</param>
/// <param name="insight">Says who may know why it does not.</param>
internal sealed class HealthGateway(FlowReadiness readiness, Insight insight)
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";
    public const string Started = "/health/startup";

    /// <summary>Answers <c>/health/live</c>: that there is an answer says all.</summary>
    public static Task LiveAsync(HttpContext context) => AnswerAsync(context, isHealthy: true);

    /// <summary>Answers <c>/health/startup</c>: 503 until every executor has been loaded once.</summary>
    public Task StartedAsync(HttpContext context) => AnswerAsync(context, readiness.HasStarted);

    /// <summary>Answers <c>/health/ready</c>: 503 while an executor that a reply waits for does not serve.</summary>
    public async Task ReadyAsync(HttpContext context)
    {
        var faults = await readiness.FindFaultsAsync(context.RequestAborted);
        await AnswerAsync(context, faults.Count == 0, insight.IsFor(context) ? faults : []);
    }

    private static Task AnswerAsync(HttpContext context, bool isHealthy, IReadOnlyList<FlowError>? faults = null)
    {
        context.Response.StatusCode = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";
        var answer = new JsonObject { ["healthy"] = isHealthy };
        if (faults is { Count: > 0 })
        {
            answer["faults"] = new JsonArray([.. faults.Select(
                fault => (JsonNode)new JsonObject { ["executor"] = fault.Executor, ["reason"] = fault.Message })]);
        }

        return context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
    }
}
