using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.Runtime.Executors;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Telemetry;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>The state of a flow at one moment, which the next one is compared with: rates are between two of them.</summary>
internal sealed class FlowSample
{
    private static readonly double[] s_percentiles = [0.5, 0.99];

    private readonly long _at;
    private readonly Reading _requests;
    private readonly Dictionary<string, Reading> _executors;

    private FlowSample(FlowJournal journal, long at)
    {
        _at = at;
        _requests = Reading.Of(journal.Requests);
        _executors = journal.Executors.ToDictionary(pair => pair.Key, pair => Reading.Of(pair.Value), StringComparer.Ordinal);
    }

    public static FlowSample Take(FlowRuntime flow, TimeProvider time) => new(flow.Journal, time.GetTimestamp());

    /// <summary>Tells how the flow is, and what happened since another sample.</summary>
    /// <param name="before">The sample before.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="faults">The executors that do not serve.</param>
    /// <param name="time">Time.</param>
    /// <param name="withErrors">Whether the messages of failures are told.</param>
    public JsonObject Tell(FlowSample before, FlowRuntime flow, IReadOnlyList<FlowError> faults, TimeProvider time, bool withErrors)
    {
        var seconds = Math.Max(1e-3, time.GetElapsedTime(before._at, _at).TotalSeconds);
        var memory = flow.Memory;
        return new JsonObject
        {
            ["at"] = time.GetUtcNow().ToUnixTimeMilliseconds(),
            ["version"] = FlowDrawing.VersionOf(flow.Graph),
            ["in_flight"] = flow.InFlight,
            ["memory"] = new JsonObject { ["used"] = memory.Used, ["limit"] = memory.Limit, ["refused"] = memory.Refused },
            ["requests"] = _requests.Since(before._requests, seconds),
            ["executors"] = new JsonArray([.. flow.Health.Select(pool => (JsonNode)Tell(pool, withErrors))]),
            ["faults"] = new JsonArray([.. faults.Select(fault => (JsonNode)new JsonObject
            {
                ["executor"] = fault.Executor,
                ["reason"] = withErrors ? fault.Message : null,
            })]),
            ["calls"] = new JsonObject(_executors.Select(pair => KeyValuePair.Create(
                pair.Key, (JsonNode?)pair.Value.Since(before._executors.GetValueOrDefault(pair.Key), seconds)))),
        };
    }

    private static JsonObject Tell(PoolHealth pool, bool withErrors)
    {
        var json = PoolJson.Of(pool, withErrors);
        json["busy"] = pool.Busy;
        json["paused"] = pool.IsPaused;
        return json;
    }

    /// <summary>The counts of one executor, or of all requests.</summary>
    private sealed record Reading(long Calls, long Documents, long Errors, long[] Durations)
    {
        public static Reading Of(CallCounts counts) => new(counts.Calls, counts.Documents, counts.Errors, counts.Durations.Read());

        public JsonObject Since(Reading? before, double seconds)
        {
            var percentiles = s_percentiles
                .Select(share => DurationCounts.Percentile(before?.Durations, Durations, share)?.TotalMilliseconds).ToArray();
            return new JsonObject
            {
                ["rate"] = Math.Round((Calls - (before?.Calls ?? 0)) / seconds, 2),
                ["documents"] = Math.Round((Documents - (before?.Documents ?? 0)) / seconds, 2),
                ["errors"] = Math.Round((Errors - (before?.Errors ?? 0)) / seconds, 2),
                ["p50_ms"] = Rounded(percentiles[0]),
                ["p99_ms"] = Rounded(percentiles[1]),
            };
        }

        private static double? Rounded(double? milliseconds) => milliseconds is { } known ? Math.Round(known, 3) : null;
    }
}
