using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;
using FlowKit.Runtime;
using FlowKit.Runtime.Executors;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Health for probes, and what an operator may change: only from the machine itself.</summary>
internal sealed class AdminGateway(FlowRuntime flow)
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };
    private static readonly string[] s_betraying = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "Origin"];

    /// <summary>Answers <c>/ready</c>: 200 when every executor serves, 503 with the same body when one does not.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var healthy = flow.IsHealthy;
        context.Response.StatusCode = healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(
            new JsonObject { ["ready"] = healthy, ["executors"] = new JsonArray([.. flow.Health.Select(ToJson)]) },
            context.RequestAborted);
    }

    /// <summary>Answers <c>/admin/scale</c> with <c>{"executor": "encoder", "replicas": 2}</c>, once the new replicas serve.</summary>
    public async Task ScaleAsync(HttpContext context)
    {
        RequireLocal(context);
        var (executor, replicas) = await ReadAsync(context);
        await flow.ScaleAsync(executor, replicas, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new JsonObject { ["executor"] = executor, ["replicas"] = replicas }, context.RequestAborted);
    }

    private static async Task<(string Executor, int Replicas)> ReadAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body, null, s_strict, context.RequestAborted) as JsonObject
            ?? throw Invalid("expected a JSON object.");
        if (body["executor"] is not JsonValue name || name.GetValueKind() != JsonValueKind.String)
        {
            throw Invalid("executor: expected the name of an executor.");
        }

        return body["replicas"] is JsonValue number
            && number.TryGetValue<int>(out var replicas)
            && replicas is >= 1 and <= ExecutorConfig.MaxReplicas
                ? (ReadName(name), replicas)
                : throw Invalid($"replicas: expected a whole number from 1 to {ExecutorConfig.MaxReplicas}.");
    }

    /// <summary>Half a surrogate is valid JSON and no text.</summary>
    private static string ReadName(JsonValue name)
    {
        try
        {
            return name.GetValue<string>();
        }
        catch (InvalidOperationException exception)
        {
            throw Invalid($"executor: {exception.Message}");
        }
    }

    /// <summary>
    /// A proxy on this machine makes everybody's requests its own, but says so; and a page of any origin may make a browser on this machine
    /// ask, but the browser says so.
    /// </summary>
    private static void RequireLocal(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address) || s_betraying.Any(headers.ContainsKey))
        {
            throw new FlowKitException(FlowErrorCode.PermissionDenied, "The /admin routes answer only to programs on this machine.");
        }
    }

    private static FlowKitException Invalid(string message) => new(FlowErrorCode.InvalidArgument, message);

    private static JsonNode ToJson(PoolHealth health) => new JsonObject
    {
        ["executor"] = health.Executor,
        ["shard"] = health.Shard,
        ["replicas"] = health.Replicas,
        ["ready"] = health.Ready,
        ["restarts"] = health.Restarts,
        ["circuit"] = health.IsOpen ? "open" : "closed",
        ["last_error"] = health.LastError,
        ["queue"] = new JsonObject { ["requests"] = health.Requests, ["documents"] = health.Documents, ["bytes"] = health.Bytes },
    };
}
