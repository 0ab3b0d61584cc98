namespace FlowKit.Runtime.Properties;

/// <summary>Notices two writes at once in one shard, unless one of them has been given up.</summary>
internal sealed class WriteTurns(FlowPlan plan)
{
    private const int MostShards = 3;

    private readonly int[] _running = new int[plan.Nodes.Count * MostShards];

    public IDisposable Begin(FlowTrial trial, int node, int shard)
    {
        var at = (node * MostShards) + shard;
        if (Interlocked.Increment(ref _running[at]) > 1 && plan.Nodes[node].Timeout is null)
        {
            trial.Ledger.Report($"{FlowPlan.NameOf(node)} writes twice at once in shard {shard}");
        }

        return new Turn(() => Interlocked.Decrement(ref _running[at]));
    }

    private sealed class Turn(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
