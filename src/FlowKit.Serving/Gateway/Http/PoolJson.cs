using System.Text.Json.Nodes;
using FlowKit.Runtime.Executors;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Writes the health of the replicas of an executor, or of one of its shards.</summary>
internal static class PoolJson
{
    /// <param name="health">The health.</param>
    /// <param name="withErrors">Whether the message of the last failure is told.</param>
    public static JsonObject Of(PoolHealth health, bool withErrors) => new()
    {
        ["executor"] = health.Executor,
        ["shard"] = health.Shard,
        ["replicas"] = health.Replicas,
        ["ready"] = health.Ready,
        ["restarts"] = health.Restarts,
        ["circuit"] = health.IsOpen ? "open" : "closed",
        ["last_error"] = withErrors ? health.LastError : null,
        ["queue"] = new JsonObject { ["requests"] = health.Requests, ["documents"] = health.Documents, ["bytes"] = health.Bytes },
    };
}
