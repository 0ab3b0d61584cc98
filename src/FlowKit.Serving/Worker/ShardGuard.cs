using FlowKit.Configuration.Executors;
using FlowKit.Serving.Grpc;
using FlowKit.Serving.Remote;
using FlowKit.Wire.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace FlowKit.Serving.Worker;

/// <summary>Refuses calls that mean another shard than the one that runs here. A call that names none means this one.</summary>
internal static class ShardGuard
{
    /// <param name="app">The worker.</param>
    /// <param name="executor">What runs here.</param>
    public static void Use(IApplicationBuilder app, ExecutorConfig executor)
    {
        ShardIdentity? own = executor.ShardId is { } index ? new ShardIdentity(index, executor.Shards) : null;
        var name = own is { } known ? $"{known.Describe()} of '{executor.Name}'" : $"'{executor.Name}', which is no shard,";
        app.Use((context, next) =>
        {
            var asked = context.Request.Headers[ShardIdentity.Header] is [{ } meant] ? ShardIdentity.Parse(meant) : null;
            if (asked is not { } shard || shard == own)
            {
                return next(context);
            }

            var message = $"{ShardIdentity.Refusal}this is {name} and not {shard.Describe()}.";
            GrpcPort.Answer(context.Response, RpcErrors.Create(StatusCode.FailedPrecondition, message).Status);
            return Task.CompletedTask;
        });
    }
}
