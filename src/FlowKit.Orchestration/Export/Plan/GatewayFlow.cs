using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Remote;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>
/// Writes the flow of an exported gateway: the same graph with the same conditions and limits, whose executors are external.
/// </summary>
internal static class GatewayFlow
{
    /// <summary>Writes it.</summary>
    /// <param name="config">The flow.</param>
    /// <param name="variables">The environment variables that it refers to.</param>
    /// <param name="used">Gets those that the gateway needs.</param>
    /// <param name="address">
    /// The address of an entry's executor, with <c>{shard}</c> for its shard's number; <see langword="null"/> where it stays here.
    /// </param>
    public static JsonObject Write(FlowConfig config, FlowVariables variables, ISet<string> used, Func<ExecutorConfig, string?> address)
    {
        var flow = new JsonObject { ["jtype"] = "Flow" };
        if (config.Name is { } name)
        {
            flow["name"] = name;
        }

        if (config.Inspect != InspectMode.Collect)
        {
            flow["inspect"] = config.Inspect.ToString().ToLowerInvariant();
        }

        flow["gateway"] = GatewayKeysWriter.Write(config.Gateway, variables, used);
        flow["executors"] = new JsonArray([.. config.Executors.Select(executor => Entry(executor, variables, used, address(executor)))]);
        return flow;
    }

    private static JsonObject Entry(ExecutorConfig executor, FlowVariables variables, ISet<string> used, string? address)
    {
        var defaults = ExecutorConfig.Defaults;
        var entry = new JsonObject { ["name"] = executor.Name.Replace('/', '_') };
        if (executor.Uses == RemoteSection.Executor)
        {
            RemoteEntry.Write(entry, executor, variables, used);
        }
        else if (address is not null)
        {
            entry["external"] = true;
            entry["host"] = address;
        }

        entry["needs"] = YamlText.ListOf(executor.Needs.Select(need => need.Replace('/', '_')));
        entry.SetIf("method", "inspect", executor.Inspects);
        entry.SetIf("when", executor.When is { } condition ? JsonNode.Parse(condition.ToString()) : null, executor.When is not null);
        entry.SetIf("floating", true, executor.Floating);
        entry.SetIf("no_reduce", true, executor.NoReduce);
        entry.SetIf("fail_on_shard_error", true, executor.FailOnShardError);
        entry.SetIf("fail_on_document_error", true, executor.FailOnDocumentError);
        entry.SetIf("shards", executor.Shards, executor.Shards > 1);
        entry.SetIf("polling", PollingOf(executor.Polling), executor.Polling.ByEndpoint.Count > 0 || executor.Polling.Others is not null);
        entry.SetIf("uses_before", executor.UsesBefore, executor is { UsesBefore: not null, Shards: > 1 });
        entry.SetIf("uses_after", executor.UsesAfter, executor is { UsesAfter: not null, Shards: > 1 });
        entry.SetIf("capacity", executor.Capacity, executor.Capacity != defaults.Capacity);
        entry.SetIf("capacity_bytes", executor.CapacityBytes, executor.CapacityBytes is not null);
        entry.SetIf("timeout_executor", Milliseconds(executor.TimeoutExecutor ?? default), executor.TimeoutExecutor is not null);
        entry.SetIf("retries", executor.Retries, executor.Retries != defaults.Retries);
        return entry;
    }

    private static JsonObject PollingOf(PollingConfig polling)
    {
        var modes = new JsonObject(polling.ByEndpoint.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)WordOf(pair.Value))));
        if (polling.Others is { } others)
        {
            modes["*"] = WordOf(others);
        }

        return modes;
    }

    private static string WordOf(PollingMode mode) => mode.ToString().ToLowerInvariant();

    internal static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
