using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Runtime;
using FlowKit.Runtime.Executors;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Health for probes, and what an operator may change: only with the scope admin.</summary>
internal sealed class AdminGateway(FlowRuntime flow, Insight insight)
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Answers <c>/ready</c>: 200 when every executor serves, 503 with the same body when one does not.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var healthy = flow.IsHealthy;
        context.Response.StatusCode = healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var answer = new JsonObject { ["ready"] = healthy };
        if (insight.IsFor(context))
        {
            answer["executors"] = new JsonArray([.. flow.Health.Select(ToJson)]);
        }

        return context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
    }

    /// <summary>Answers <c>/admin/scale</c> with <c>{"executor": "encoder", "replicas": 2}</c>, once the new replicas serve.</summary>
    public async Task ScaleAsync(HttpContext context)
    {
        var (executor, body) = await ReadAsync(context);
        var replicas = ReplicasOf(body);
        await flow.ScaleAsync(executor, replicas, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new JsonObject { ["executor"] = executor, ["replicas"] = replicas }, context.RequestAborted);
    }

    /// <summary>
    /// Answers <c>/admin/pause</c> with <c>{"executor": "encoder", "paused": true}</c>: requests wait before it from then on, or go on.
    /// </summary>
    public async Task PauseAsync(HttpContext context)
    {
        var (executor, body) = await ReadAsync(context);
        if (body["paused"] is not JsonValue flag || !flag.TryGetValue<bool>(out var paused))
        {
            throw Invalid("paused: expected true or false.");
        }

        flow.Operations.Pause(executor, paused);
        await context.Response.WriteAsJsonAsync(new JsonObject { ["executor"] = executor, ["paused"] = paused }, context.RequestAborted);
    }

    /// <summary>Answers <c>/admin/reload</c>, once what has changed in the flow's files is applied.</summary>
    public async Task ReloadAsync(HttpContext context)
    {
        try
        {
            await flow.Operations.ReloadAsync(context.RequestAborted);
        }
        catch (FlowConfigException exception)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, exception.Message, exception);
        }

        await context.Response.WriteAsJsonAsync(new JsonObject { ["reloaded"] = true }, context.RequestAborted);
    }

    private static async Task<(string Executor, JsonObject Body)> ReadAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body, null, s_strict, context.RequestAborted) as JsonObject
            ?? throw Invalid("expected a JSON object.");
        return body["executor"] is JsonValue name && name.GetValueKind() == JsonValueKind.String
            ? (ReadName(name), body)
            : throw Invalid("executor: expected the name of an executor.");
    }

    private static int ReplicasOf(JsonObject body) =>
        body["replicas"] is JsonValue number
            && number.TryGetValue<int>(out var replicas)
            && replicas is >= 1 and <= ExecutorConfig.MaxReplicas
            ? replicas
            : throw Invalid($"replicas: expected a whole number from 1 to {ExecutorConfig.MaxReplicas}.");

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

    private static FlowKitException Invalid(string message) => new(FlowErrorCode.InvalidArgument, message);

    private static JsonNode ToJson(PoolHealth health)
    {
        var json = PoolJson.Of(health, withErrors: true);
        if (health.Peers.Count > 0)
        {
            json["peers"] = new JsonArray([.. health.Peers.Select(ToJson)]);
        }

        return json;
    }

    private static JsonNode ToJson(PeerHealth peer) => new JsonObject
    {
        ["address"] = peer.Address,
        ["reachable"] = peer.IsReachable,
        ["left_alone"] = peer.IsLeftAlone,
        ["under_way"] = peer.Outstanding,
        ["last_error"] = peer.LastError,
    };
}
