using System.Globalization;

namespace FlowKit.Orchestration.Launching;

/// <summary>The names of replicas in logs.</summary>
internal static class WorkerNames
{
    /// <summary><c>encoder/0</c>, and with several shards <c>encoder/1/0</c>.</summary>
    public static string Of(ExecutorContext context) => context.Shards > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{context.Name}/{context.ShardId}/{context.ReplicaId}")
        : string.Create(CultureInfo.InvariantCulture, $"{context.Name}/{context.ReplicaId}");
}
