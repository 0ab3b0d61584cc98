using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Executors;
using FlowKit.Routing;

namespace FlowKit.Runtime;

/// <summary>Sends a part to one shard, to all of them, or each document to its own, and makes one part of what comes back.</summary>
internal sealed class ShardStage : IPartSink
{
    private readonly ExecutorConfig _config;
    private readonly ExecutorPool _first;
    private readonly ExecutorStage[] _alone;
    private readonly ExecutorStage[] _together;
    private readonly int _index;
    private readonly IPartSink _next;
    private readonly bool _keepsParts;
    private readonly string[] _names;
    private readonly ShardPolling _polling;

    private ShardStage(Deployment deployment, int index, IPartSink next)
    {
        _config = deployment.Config;
        _first = deployment.Shards[0];
        _polling = new ShardPolling(deployment.Shards.Count);
        _index = index;
        _next = next;
        _keepsParts = deployment.After is not null;
        _alone = [.. deployment.Shards.Select(pool => new ExecutorStage(pool, index, canStream: false, next))];
        _together = [.. deployment.Shards.Select((pool, shard) => new ExecutorStage(pool, index, canStream: false, new ShardInput(this, shard)))];
        _names = [.. deployment.Shards.Select(pool => $"{_config.Name}/{pool.Shard}")];
    }

    /// <summary>The shards of a deployment with what runs before and behind them.</summary>
    public static IPartSink Build(Deployment deployment, int index, IPartSink next)
    {
        var behind = deployment.After is { } after ? new ExecutorStage(after, index, canStream: false, next) : next;
        var shards = new ShardStage(deployment, index, behind);
        IPartSink way = deployment.Before is { } before ? new ExecutorStage(before, index, canStream: false, shards) : shards;
        return deployment.Config.When is { } condition ? new ConditionStage(condition, part => shards.PassByAsync(part, next), way) : way;
    }

    public ValueTask SendAsync(RequestPart part)
    {
        var endpoint = part.Request.Call.Endpoint;
        if (_first.Find(endpoint) is null || !part.Request.Targets(_config.Name))
        {
            return PassByAsync(part, _next);
        }

        var mode = _config.Polling.For(endpoint);
        return mode == PollingMode.Any ? _alone[_polling.Next()].SendAsync(part) : SendToSeveralAsync(part, mode, _polling.Choose(mode, part.Documents));
    }

    private ValueTask PassByAsync(RequestPart part, IPartSink next)
    {
        part.Request.PassBy(_index);
        return next.SendAsync(part);
    }

    private async ValueTask SendToSeveralAsync(RequestPart part, PollingMode mode, ShardPart[] shares)
    {
        var gathering = new ShardedPart(_config.Name, part, shares.Length) { IsSplit = mode == PollingMode.Hash };
        foreach (var (shard, documents) in shares)
        {
            await _together[shard].SendAsync(gathering.Take(documents)).ConfigureAwait(false);
        }
    }

    private ValueTask GatherAsync(int shard, RequestPart part, FlowError? error)
    {
        var gathering = part.Sharded!;
        if (!gathering.Arrive(shard, part.Documents, error))
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
            whole.Request.AddResult(_config.Name, new JsonObject { ["total_shards"] = _names.Length, ["failed_shards"] = gathering.Errors.Count });
        }

        whole.Parts = _keepsParts ? new PartMatrix([.. gathering.Parts.Select(one => _names[one.Shard])], [.. gathering.Parts.Select(one => one.Documents.Clone())]) : null;
        whole.Documents = gathering.Reduce();
        return _next.SendAsync(whole);
    }

    private sealed class ShardInput(ShardStage stage, int shard) : IPartSink
    {
        public ValueTask SendAsync(RequestPart part) => stage.GatherAsync(shard, part, null);

        public ValueTask FailAsync(RequestPart part, FlowError error) => stage.GatherAsync(shard, part, error);
    }
}
