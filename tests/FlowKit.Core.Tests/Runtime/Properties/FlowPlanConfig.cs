using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Runtime.Properties;

/// <summary>Makes a plan the configuration that a reader would make of its YAML.</summary>
internal static class FlowPlanConfig
{
    private static readonly ConcurrentDictionary<string, DocumentCondition> s_conditions = new(StringComparer.Ordinal);

    /// <param name="plan">The plan.</param>
    /// <param name="trial">By which number the executors find their trial.</param>
    /// <param name="folder">Where workspaces are.</param>
    public static FlowConfig Of(FlowPlan plan, int trial, string folder) => new()
    {
        Path = "drawn.yml",
        BaseDirectory = folder,
        Gateway = new GatewayConfig { Capacity = plan.Capacity },
        Executors = [.. plan.Nodes.Select((node, number) => Of(node, number, trial))],
    };

    private static ExecutorConfig Of(NodePlan node, int number, int trial) => new()
    {
        Name = FlowPlan.NameOf(number),
        Uses = node.OnlyRuns ? MarksOnRun.Name : Marks.Name,
        UsesWith = new JsonObject { ["trial"] = trial },
        Needs = [.. node.Needs.Select(need => need == NodePlan.Gateway ? Graph.FlowGraph.Origin : FlowPlan.NameOf(need))],
        Replicas = node.Replicas,
        Shards = node.Shards,
        Polling = new PollingConfig(new Dictionary<string, PollingMode>(), node.Polling),
        FailOnShardError = node.FailsOnShardError,
        DynamicBatching = node.Batching is { } batching ? new() { ["run"] = batching, ["index"] = batching } : new Dictionary<string, BatchingConfig>(),
        When = node.When is { } letters ? s_conditions.GetOrAdd(letters, Condition) : null,
        Floating = node.Floats,
        Capacity = node.Capacity,
        FailureThreshold = node.FailureThreshold,
        TimeoutExecutor = node.Timeout is { } limit ? TimeSpan.FromMilliseconds(limit) : null,
    };

    private static DocumentCondition Condition(string letters) =>
        DocumentCondition.Parse(new JsonObject { ["text"] = new JsonObject { ["$in"] = new JsonArray([.. letters.Select(letter => JsonValue.Create(letter.ToString(CultureInfo.InvariantCulture)))]) } });
}
