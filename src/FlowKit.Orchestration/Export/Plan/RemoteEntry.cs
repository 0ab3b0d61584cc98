using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>Writes an entry that is external in the flow itself as it was: its options are those that the entry was read to.</summary>
internal static class RemoteEntry
{
    /// <summary>The options that are keys under the same name.</summary>
    private static readonly Dictionary<string, string> s_keys = new(StringComparer.Ordinal)
    {
        ["compression"] = "compression",
        ["doc_array_version"] = "docarray_version",
        ["reads"] = "reads",
        ["keepalive_ms"] = "keepalive",
        ["hedge_ms"] = "hedge",
    };

    public static void Write(JsonObject entry, ExecutorConfig executor, FlowVariables variables, ISet<string> used)
    {
        entry["external"] = true;
        entry["host"] = (executor.UsesWith["shard_addresses"] ?? executor.UsesWith["addresses"])!.DeepClone();
        foreach (var (option, key) in s_keys)
        {
            if (executor.UsesWith[option] is { } value)
            {
                entry[key] = value.DeepClone();
            }
        }

        if (executor.UsesWith["metadata"] is JsonObject { Count: > 0 } metadata)
        {
            entry["grpc_metadata"] = new JsonObject(
                metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)variables.Restore((string)pair.Value!, used))));
        }

        entry["writes_to"] = (bool?)executor.UsesWith["writes_to_first"] == true ? "first" : "any";
        entry["concurrency"] = executor.Replicas;
    }
}
