using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Executors;
using FlowKit.Routing.Shards;
using FlowKit.Runtime.Executors;

namespace FlowKit.Runtime.Stages;

/// <summary>Sends an item to one shard, to all of them, or each document to its own, and makes one item of what comes back.</summary>
internal sealed class ShardStage : IStage
{
    private readonly ExecutorConfig _config;
    private readonly ExecutorPool _first;
    private readonly ExecutorStage[] _alone;
    private readonly ExecutorStage[] _together;
    private readonly int _index;
    private readonly IStage _next;
    private readonly bool _keepsParts;
    private readonly string[] _names;
    private readonly ShardPolling _polling;

    private ShardStage(Deployment deployment, int index, IStage next)
    {
        _config = deployment.Config;
        _first = deployment.Shards[0];
        _polling = new ShardPolling(deployment.Shards.Count);
        _index = index;
        _next = next;
        _keepsParts = deployment.After is not null;
        _alone = [.. deployment.Shards.Select(pool => new ExecutorStage(pool, index, canStream: false, new LoneShard(next)))];
        _together =
            [.. deployment.Shards.Select((pool, shard) => new ExecutorStage(pool, index, canStream: false, new ShardInput(this, shard)))];
        _names = [.. deployment.Shards.Select(pool => $"{_config.Name}/{pool.Shard}")];
    }

    /// <summary>The shards of a deployment with what runs before and behind them.</summary>
    public static IStage Build(Deployment deployment, int index, IStage next)
    {
        var behind = deployment.After is { } after ? new ExecutorStage(after, index, canStream: false, next) : next;
        var shards = new ShardStage(deployment, index, behind);
        IStage way = deployment.Before is { } before ? new ExecutorStage(before, index, canStream: false, shards) : shards;
        return deployment.Config.When is { } condition
            ? new ConditionStage(condition, deployment.Calls, item => shards.PassByAsync(item, next), way)
            : way;
    }

    public ValueTask SendAsync(WorkItem item)
    {
        var endpoint = item.Request.Call.Endpoint;
        if (_first.Find(endpoint) is null || !item.Request.Targets(_config.Name))
        {
            return PassByAsync(item, _next);
        }

        var mode = _config.Polling.For(endpoint);
        return mode == PollingMode.Any
            ? _alone[_polling.Next()].SendAsync(item)
            : SendToSeveralAsync(item, mode, _polling.Choose(mode, item.Documents));
    }

    private ValueTask PassByAsync(WorkItem item, IStage next)
    {
        item.Request.PassBy(_index);
        return next.SendAsync(item);
    }

    private async ValueTask SendToSeveralAsync(WorkItem item, PollingMode mode, ShardPart[] shares)
    {
        var gathering = new ShardedItem(_config.Name, item, shares.Length) { IsSplit = mode == PollingMode.Hash };
        foreach (var (shard, documents) in shares)
        {
            await _together[shard].SendAsync(gathering.Take(documents)).ConfigureAwait(false);
        }
    }

    private ValueTask GatherAsync(int shard, WorkItem item, FlowError? error)
    {
        var gathering = item.Sharded!;
        if (!gathering.Arrive(shard, item.Documents, error))
        {
            return ValueTask.CompletedTask;
        }

        var whole = gathering.Whole;
        if (gathering.Errors is [var first, ..] && (_config.FailOnShardError || gathering.Answered == 0))
        {
            return _next.FailAsync(whole, first.Error);
        }

        if (gathering.Errors.Count > 0)
        {
            whole.Request.AddResult(
                _config.Name, new JsonObject { ["total_shards"] = _names.Length, ["failed_shards"] = gathering.Errors.Count });
        }

        whole.Parts = _keepsParts
            ? new PartMatrix(
                [.. gathering.Parts.Select(one => _names[one.Shard])], [.. gathering.Parts.Select(one => one.Documents.Clone())])
            : null;
        whole.Documents = gathering.Reduce();
        return _next.SendAsync(whole);
    }

    private sealed class ShardInput(ShardStage stage, int shard) : IStage
    {
        public ValueTask SendAsync(WorkItem item) => stage.GatherAsync(shard, item, null);

        public ValueTask FailAsync(WorkItem item, FlowError error) => stage.GatherAsync(shard, item, error);
    }

    /// <summary>Makes the choices that shards leave to the stage above them, where there is one shard to choose from.</summary>
    private sealed class LoneShard(IStage next) : IStage
    {
        public ValueTask SendAsync(WorkItem item)
        {
            MatchChoice.MakeAll(item.Documents);
            return next.SendAsync(item);
        }

        public ValueTask FailAsync(WorkItem item, FlowError error) => next.FailAsync(item, error);
    }
}
