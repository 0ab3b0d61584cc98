using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;

namespace FlowKit.Simulate;

/// <summary>A flow's file as a network of queues.</summary>
internal static class FlowModel
{
    /// <summary>The name of what stands for the gateway.</summary>
    public const string Gateway = "gateway";

    /// <summary>Makes a network of a flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="endpoint">The endpoint that is asked.</param>
    /// <param name="costs">The cost of each executor, and of <c>gateway</c>.</param>
    /// <param name="cores">The processor cores of the gateway.</param>
    /// <exception cref="FormatException">An executor has no cost, or a cost no executor.</exception>
    public static IReadOnlyList<SimulatedNode> Of(FlowConfig flow, string endpoint, IReadOnlyDictionary<string, Cost> costs, int cores)
    {
        var names = flow.Executors.Select(executor => executor.Name).Append(Gateway).ToHashSet(StringComparer.Ordinal);
        if (costs.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new FormatException($"--cost {unknown}: the flow has no such executor; there are {string.Join(", ", names)}");
        }

        return
        [
            new SimulatedNode(Gateway, [], costs.GetValueOrDefault(Gateway) ?? new Cost(0, 0, 0)) { Replicas = cores },
            .. flow.Executors.Select(executor => NodeOf(executor, endpoint, costs)),
        ];
    }

    private static SimulatedNode NodeOf(ExecutorConfig executor, string endpoint, IReadOnlyDictionary<string, Cost> costs) =>
        new(
            executor.Name,
            executor.Needs.Count == 0 ? [Gateway] : executor.Needs,
            costs.GetValueOrDefault(executor.Name)
                ?? throw new FormatException($"--cost {executor.Name}=MS is missing: what does one call of it take?"))
        {
            Replicas = executor.Replicas,
            Shards = executor.Shards,
            Polling = executor.Polling.For(endpoint),
            Batching = executor.DynamicBatching.GetValueOrDefault(endpoint) ?? executor.DynamicBatching.Values.FirstOrDefault(),
            Capacity = executor.Capacity,
            Floating = executor.Floating,
        };
}
