using FlowKit.Configuration.Executors;

namespace FlowKit.Simulate;

/// <summary>
/// A network of queues, event by event: requests come at random times (Poisson), wait in the queue of each executor for a free replica, and
/// are answered when every executor that does not float has done its part.
/// </summary>
internal sealed class Simulation
{
    /// <summary>The first part of a run is not counted: queues fill.</summary>
    public const double WarmUp = 0.1;

    private readonly IReadOnlyList<SimulatedNode> _nodes;
    private readonly SimulatedShard[][] _shards;
    private readonly int[][] _followers;
    private readonly Load _load;
    private readonly IEnumerator<double> _arrivals;
    private readonly Random _random;
    private readonly PriorityQueue<Action, (double Time, long Order)> _events = new();
    private readonly List<double> _latencies = [];
    private long _order;
    private double _now;
    private int _refused;

    private Simulation(IReadOnlyList<SimulatedNode> nodes, Load load)
    {
        (_nodes, _load, _random) = (nodes, load, new Random(load.Seed));
        _arrivals = load.Times(new Random(load.Seed)).GetEnumerator();
        _shards = [.. nodes.Select((node, at) => Enumerable.Range(0, node.Shards).Select(_ => new SimulatedShard(at, node)).ToArray())];
        _followers =
        [
            .. nodes.Select(node => nodes.Index().Where(other => other.Item.Needs.Contains(node.Name)).Select(other => other.Index).ToArray()),
        ];
    }

    /// <summary>Runs a network under a load.</summary>
    /// <param name="nodes">The nodes; the first is the gateway.</param>
    /// <param name="load">The load.</param>
    public static SimulationResult Run(IReadOnlyList<SimulatedNode> nodes, Load load) => new Simulation(nodes, load).Run();

    private SimulationResult Run()
    {
        AwaitNext();
        while (_events.TryDequeue(out var next, out var at))
        {
            _now = at.Time;
            next();
        }

        _latencies.Sort();
        return new SimulationResult(
            _latencies,
            _latencies.Count / (_load.Seconds * (1 - WarmUp)),
            _refused,
            [.. _shards.Select((shards, at) => new NodeUse(_nodes[at].Name, _nodes[at].Replicas, UseOf(shards)))]);
    }

    private void AwaitNext()
    {
        if (_arrivals.MoveNext())
        {
            At(_arrivals.Current, Arrive);
        }
    }

    private void Arrive()
    {
        AwaitNext();
        Send(new SimulatedCall(_now, _load.Documents, _nodes.Count) { Left = _nodes.Count(node => !node.Floating) }, 0);
    }

    private bool Counts(SimulatedCall call) => call.Arrived > _load.Seconds * WarmUp;

    private double UseOf(SimulatedShard[] shards) => shards.Max(shard => shard.Worked / (_now * shard.Config.Replicas));

    private void At(double time, Action action) => _events.Enqueue(action, (time, _order++));

    /// <summary>Sends a request to the shards of a node; one without room in them is refused as a whole.</summary>
    private void Send(SimulatedCall call, int node)
    {
        var shards = _shards[node];
        var parts = shards.Length == 1 ? [(shards[0], call.Documents)] : _nodes[node].Polling switch
        {
            PollingMode.All => [.. shards.Select(shard => (shard, call.Documents))],
            PollingMode.Hash => Spread(shards, call.Documents),
            _ => new List<(SimulatedShard Shard, int Documents)> { (shards[_random.Next(shards.Length)], call.Documents) },
        };
        if (parts.Any(part => !part.Item1.HasRoom(part.Item2)))
        {
            _refused += Counts(call) ? 1 : 0;
            return;
        }

        call.Open[node] = parts.Count;
        foreach (var (shard, documents) in parts)
        {
            shard.Add(call, documents, _now);
            Begin(shard);
        }
    }

    private List<(SimulatedShard Shard, int Documents)> Spread(SimulatedShard[] shards, int documents) =>
    [
        .. Enumerable.Range(0, documents).GroupBy(_ => _random.Next(shards.Length)).Select(part => (shards[part.Key], part.Count())),
    ];

    private void Begin(SimulatedShard shard)
    {
        while (shard.NextStart(_now) is { } start)
        {
            if (start > _now)
            {
                At(start, () => Begin(shard));
                return;
            }

            var (calls, documents) = shard.Take();
            var took = shard.Config.Cost.Draw(documents, _random);
            shard.Busy++;
            shard.Worked += took;
            At(_now + took, () => End(shard, calls));
        }
    }

    private void End(SimulatedShard shard, List<SimulatedCall> calls)
    {
        shard.Busy--;
        foreach (var call in calls.Where(call => --call.Open[shard.Node] == 0))
        {
            Leave(call, shard.Node);
        }

        Begin(shard);
    }

    private void Leave(SimulatedCall call, int node)
    {
        foreach (var next in _followers[node])
        {
            if (++call.Met[next] == _nodes[next].Needs.Count)
            {
                Send(call, next);
            }
        }

        if (!_nodes[node].Floating && --call.Left == 0 && Counts(call))
        {
            _latencies.Add(_now - call.Arrived);
        }
    }
}
