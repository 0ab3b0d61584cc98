using System.Text.Json.Nodes;
using FlowKit.Runtime.Autoscaling;
using FlowKit.Runtime.Executors;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Writes the health of the replicas of an executor, or of one of its shards.</summary>
internal static class PoolJson
{
    /// <param name="health">The health.</param>
    /// <param name="withErrors">Whether the message of the last failure is told.</param>
    public static JsonObject Of(PoolHealth health, bool withErrors)
    {
        var json = Health(health, withErrors);
        if (health.Autoscale is { } autoscale)
        {
            json["autoscale"] = Of(autoscale, withErrors);
        }

        return json;
    }

    private static JsonObject Health(PoolHealth health, bool withErrors) => new()
    {
        ["executor"] = health.Executor,
        ["shard"] = health.Shard,
        ["replicas"] = health.Replicas,
        ["ready"] = health.Ready,
        ["restarts"] = health.Restarts,
        ["circuit"] = health.IsOpen ? "open" : "closed",
        ["last_error"] = withErrors ? health.LastError : null,
        ["in_flight"] = Math.Round(health.InFlight, 2),
        ["oldest_wait_ms"] = Math.Round(health.OldestWait.TotalMilliseconds, 1),
        ["queue"] = new JsonObject { ["requests"] = health.Requests, ["documents"] = health.Documents, ["bytes"] = health.Bytes },
    };

    /// <summary>Writes the autoscaling; the last change tells the message of one that failed.</summary>
    private static JsonObject Of(AutoscaleStatus autoscale, bool withErrors) => new()
    {
        ["min"] = autoscale.Min,
        ["max"] = autoscale.Max,
        ["target"] = autoscale.Target,
        ["in_flight"] = autoscale.InFlight,
        ["last_change"] = withErrors ? autoscale.LastChange : null,
        ["changed_at"] = autoscale.ChangedAt?.ToUnixTimeMilliseconds(),
    };
}
