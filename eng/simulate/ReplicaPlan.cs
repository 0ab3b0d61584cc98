namespace FlowKit.Simulate;

/// <summary>Finds how many replicas of each executor keep a promise.</summary>
internal static class ReplicaPlan
{
    /// <summary>More replicas than this of one executor are no answer.</summary>
    private const int Most = 1024;

    /// <summary>Above this use a queue grows with every chance; no plan leaves less room.</summary>
    private const double FullUse = 0.95;

    /// <summary>Adds replicas, one after another, where the most of the time is worked, until the promise is kept.</summary>
    /// <param name="nodes">The nodes, with the replicas to begin with; the first is the gateway.</param>
    /// <param name="load">The load.</param>
    /// <param name="percentile">The share of requests, such as 0.99.</param>
    /// <param name="limit">The seconds that they may take.</param>
    /// <returns>The nodes with their replicas; <see langword="null"/> where no number is enough, since the calls alone take longer.</returns>
    public static IReadOnlyList<SimulatedNode>? Find(IReadOnlyList<SimulatedNode> nodes, Load load, double percentile, double limit)
    {
        var planned = nodes.Select(node => node with { Replicas = Math.Max(node.Replicas, LeastOf(node, load)) }).ToList();
        while (true)
        {
            var result = Simulation.Run(planned, load);
            var isStable = result.Refused == 0 && result.Nodes.All(node => node.Busy < FullUse);
            if (isStable && result.Percentile(percentile) <= limit)
            {
                return planned;
            }

            var busiest = result.Nodes.Index().MaxBy(node => node.Item.Busy).Index;
            if (planned[busiest].Replicas == Most || (isStable && result.Nodes[busiest].Busy < 0.05))
            {
                return null;
            }

            planned[busiest] = planned[busiest] with { Replicas = planned[busiest].Replicas + 1 };
        }
    }

    /// <summary>With fewer the queue grows without an end: Little's law for calls of one request each, or of full batches.</summary>
    private static int LeastOf(SimulatedNode node, Load load)
    {
        var together = node.Batching is { } batching ? Math.Max(1, batching.PreferredBatchSize / load.Documents) : 1;
        var share = node.Polling == Configuration.Executors.PollingMode.All ? 1 : 1.0 / node.Shards;
        return Math.Clamp((int)Math.Ceiling(load.Rate * share / together * node.Cost.Mean(together * load.Documents)), 1, Most);
    }
}
