using FlowKit.Graph;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>Wires stages from the reply back to the entry, so that every stage knows where it sends to.</summary>
internal sealed class StageBuilder(FlowGraph graph, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, ExecutorStage> _stages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JoinStage> _joins = new(StringComparer.Ordinal);
    private JoinStage? _replyJoin;
    private int _nextJoin;

    public ReplyStage Reply { get; } = new();

    /// <summary>Stages in topological order.</summary>
    public IReadOnlyList<ExecutorStage> Stages => [.. graph.Nodes.Select(node => _stages[node.Name])];

    /// <summary>Adds a node; all its consumers must have been added.</summary>
    public void Add(FlowNode node, IReadOnlyList<ExecutorReplica> replicas)
    {
        var stage = new ExecutorStage(node.Name, node.Config.Capacity, replicas, SinkOf(node.Name), time, logger);
        _stages.Add(node.Name, stage);
        if (node.Needs.Count > 1)
        {
            _joins.Add(node.Name, new JoinStage(_nextJoin++, node.Needs.Count, stage));
        }
    }

    /// <summary>Where what <paramref name="name"/> sends goes: one stage, a join's input, or a fork over several.</summary>
    public IPartSink SinkOf(string name)
    {
        var sinks = graph.ConsumersOf(name).Select(consumer => InputOf(consumer, name)).ToList();
        if (graph.Leaves.Contains(name))
        {
            sinks.Add(ReplyInputOf(name));
        }

        return sinks is [var only] ? only : new ForkStage(sinks);
    }

    private IPartSink InputOf(FlowNode consumer, string from) =>
        _joins.TryGetValue(consumer.Name, out var join) ? join.Input(consumer.Needs.ToList().IndexOf(from)) : _stages[consumer.Name];

    private IPartSink ReplyInputOf(string leaf)
    {
        if (graph.Leaves.Count == 1)
        {
            return Reply;
        }

        _replyJoin ??= new JoinStage(_nextJoin++, graph.Leaves.Count, Reply);
        return _replyJoin.Input(graph.Leaves.ToList().IndexOf(leaf));
    }
}
