using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Runtime.Executors;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Health for probes, and what an operator may change: only with the scope admin.</summary>
internal sealed class AdminGateway(FlowRuntime flow, GatewayConfig config)
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Answers <c>/ready</c>: 200 when every executor serves, 503 with the same body when one does not.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var healthy = flow.IsHealthy;
        context.Response.StatusCode = healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var answer = new JsonObject { ["ready"] = healthy };
        if (MayKnowWhy(context))
        {
            answer["executors"] = new JsonArray([.. flow.Health.Select(ToJson)]);
        }

        return context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
    }

    /// <summary>Answers <c>/admin/scale</c> with <c>{"executor": "encoder", "replicas": 2}</c>, once the new replicas serve.</summary>
    public async Task ScaleAsync(HttpContext context)
    {
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
    /// Tells whether a caller may know what failed, which says something of others' requests: holders of a key may, or everybody where
    /// there are no keys and only this machine is listened to.
    /// </summary>
    private bool MayKnowWhy(HttpContext context) =>
        Caller.Of(context) is not null || (!config.Security.NeedsKey && config.IsLocal);

    private static FlowKitException Invalid(string message) => new(FlowErrorCode.InvalidArgument, message);

    private static JsonNode ToJson(PoolHealth health)
    {
        var json = new JsonObject
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
