using FlowKit.Graph;
using FlowKit.Runtime.Requests;
using FlowKit.Runtime.Stages;

namespace FlowKit.Runtime;

/// <summary>
/// A graph over the deployments: where each item goes next. A changed flow gets a new pipeline; requests end on the one they began on.
/// </summary>
internal sealed class FlowPipeline
{
    private readonly IReadOnlyDictionary<string, Deployment> _deployments;
    private readonly FloatingRequests _floating;
    private readonly ReplyStage _reply = new();
    private readonly Dictionary<string, IStage> _inlets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JoinStage> _joins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JoinStage> _replyJoins = new(StringComparer.Ordinal);
    private readonly StripedDrainCounter _users = new();
    private int _nextJoin;

    public FlowPipeline(FlowGraph graph, IReadOnlyDictionary<string, Deployment> deployments, FloatingRequests floating)
    {
        Graph = graph;
        _deployments = deployments;
        _floating = floating;
        HasConditions = graph.HasConditions;
        Names = [.. graph.Nodes.Select(node => node.Name)];
        for (var index = graph.Nodes.Count - 1; index >= 0; index--)
        {
            Add(graph.Nodes[index], index);
        }

        Ordered = [.. Names.Where(deployments.ContainsKey).Select(name => deployments[name])];
        Entry = SinkOf(FlowGraph.Origin);
    }

    public FlowGraph Graph { get; }

    /// <summary>Tells whether a condition may change the order of documents.</summary>
    public bool HasConditions { get; }

    public IReadOnlyDictionary<string, Deployment> Deployments => _deployments;

    /// <summary>The executors by position, as requests mark their routes.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The deployments by position.</summary>
    public Deployment[] Ordered { get; }

    /// <summary>The place where requests enter.</summary>
    public IStage Entry { get; }

    /// <summary>Says that a request goes this way.</summary>
    /// <returns>False when the way has been closed: a newer one is there.</returns>
    public bool TryEnter() => _users.TryEnter();

    /// <summary>Says that a request has been answered.</summary>
    public void Leave() => _users.Leave();

    /// <summary>Says that something goes this way beside a request that does, and may end later.</summary>
    public void AddDetached() => _users.AddDetached();

    /// <summary>Says that it has ended.</summary>
    public void RemoveDetached() => _users.RemoveDetached();

    /// <summary>Lets nothing in any more.</summary>
    /// <returns>Completes when the last request that came this way has been answered.</returns>
    public Task CloseAsync() => _users.CloseAsync();

    /// <summary>From the reply back to the entry, so that every stage knows where it sends to.</summary>
    private void Add(FlowNode node, int index)
    {
        var inlet = StageOf(node, index, SinkOf(node.Name));
        if (node.FloatingRoot == node.Name)
        {
            inlet = new FloatingStage(_floating, this, inlet);
        }

        _inlets.Add(node.Name, inlet);
        if (node.Needs.Count > 1)
        {
            Func<RequestState, bool>? keepsParts = node.Config.NoReduce ? _deployments[node.Name].Calls : null;
            _joins.Add(node.Name, new JoinStage(_nextJoin++, node.Needs, keepsParts, inlet));
        }
    }

    private IStage StageOf(FlowNode node, int index, IStage next)
    {
        var deployment = _deployments[node.Name];
        if (deployment.Shards.Count > 1)
        {
            return ShardStage.Build(deployment, index, next);
        }

        var stage = new ExecutorStage(deployment.Shards[0], index, Graph.IsOnEveryRoad(node), next);
        return node.Config.When is { } condition ? new ConditionStage(condition, deployment.Calls, stage.PassByAsync, stage) : stage;
    }

    /// <summary>The place where what <paramref name="name"/> sends goes: one stage, a join's input, or a fork over several.</summary>
    private IStage SinkOf(string name)
    {
        // What floats first: when the reply is there, everything that floats beside it has begun, and stopping waits for it.
        var sinks = Graph.ConsumersOf(name).OrderByDescending(consumer => consumer.IsFloating).Select(
            consumer => _joins.TryGetValue(consumer.Name, out var join) ? join.Input(name) : _inlets[consumer.Name]).ToList();
        var root = Graph.Nodes.FirstOrDefault(node => node.Name == name)?.FloatingRoot;
        if (Graph.Leaves.Contains(name) || Graph.AwaitedLeaves.Contains(name))
        {
            sinks.Add(ReplyInputOf(name, "", [.. Graph.Leaves, .. Graph.AwaitedLeaves]));
        }
        else if (root is not null && sinks.Count == 0)
        {
            sinks.Add(ReplyInputOf(name, root, Graph.FloatingLeavesOf(root)));
        }

        return sinks is [var only] ? only : new ForkStage(sinks);
    }

    private IStage ReplyInputOf(string leaf, string root, IReadOnlyList<string> leaves)
    {
        if (leaves.Count == 1)
        {
            return _reply;
        }

        if (!_replyJoins.TryGetValue(root, out var join))
        {
            var taken = root.Length == 0 ? Graph.Leaves.Count : leaves.Count;
            _replyJoins.Add(root, join = new JoinStage(_nextJoin++, leaves, keepsParts: null, _reply, taken));
        }

        return join.Input(leaf);
    }
}
