using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Executors;
using FsCheck;
using FsCheck.Fluent;

namespace FlowKit.Runtime.Properties;

/// <summary>Draws plans: most things plain, each thing wrong now and then.</summary>
internal static class FlowPlanGenerator
{
    private const int MaxNodes = 12;
    private const int MaxRequests = 8;
    private const int MaxDocuments = 8;

    public static Gen<FlowPlan> Plans { get; } =
        from count in Gen.Frequency((1, Gen.Constant(1)), (4, Gen.Choose(2, 5)), (3, Gen.Choose(6, MaxNodes)))
        from nodes in Gen.CollectToArray(Enumerable.Range(0, count), NodeAt)
        from sent in Gen.Choose(1, MaxRequests)
        from requests in Gen.ArrayOf(RequestTo(count), sent)
        from capacity in Seldom(6, Gen.Choose(1, 4), 1024)
        from stop in Gen.Frequency((4, Gen.Constant(StopMoment.Answered)), (3, Gen.Constant(StopMoment.Sent)), (1, Gen.Constant(StopMoment.Halfway)))
        select FlowPlanRules.Keep(new FlowPlan(nodes, requests, capacity, stop));

    private static Gen<BatchingConfig?> Batchings { get; } =
        from preferred in Gen.Choose(1, 8)
        from timeout in Seldom(2, Gen.Choose(1, 5), 0)
        from more in Gen.Choose(0, 6)
        select new BatchingConfig(preferred, TimeSpan.FromMilliseconds(timeout), more == 0 ? null : preferred + more - 1);

    /// <summary>A chain, mostly; else several needs, or a fork of the gateway.</summary>
    private static Gen<NodePlan> NodeAt(int number) =>
        from needs in Gen.Frequency(
            (3, Gen.Constant(new[] { number - 1 })),
            (2, Gen.ArrayOf(Gen.Choose(NodePlan.Gateway, number - 1), 1)),
            (3, Gen.ArrayOf(Gen.Choose(NodePlan.Gateway, number - 1), 3)))
        from node in Shapes
        from body in Bodies
        select body with
        {
            Needs = needs,
            Replicas = node.Replicas,
            Shards = node.Shards,
            Polling = node.Polling,
            FailsOnShardError = node.FailsOnShardError,
            When = node.When,
            Floats = node.Floats,
            Capacity = node.Capacity,
        };

    private static Gen<NodePlan> Shapes { get; } =
        from replicas in Seldom(3, Gen.Choose(2, 3), 1)
        from shards in Seldom(4, Gen.Choose(2, 3), 1)
        from polling in Gen.Elements(PollingMode.Any, PollingMode.All, PollingMode.Hash)
        from fails in Gen.Elements(false, true)
        from letters in Seldom(8, Gen.Elements<string?>("a", "ab", "c", "bc"), null)
        from floats in Seldom(10, Gen.Constant(true), false)
        from capacity in Seldom(3, Gen.Choose(1, 4), 64)
        select new NodePlan { Replicas = replicas, Shards = shards, Polling = polling, FailsOnShardError = fails, When = letters, Floats = floats, Capacity = capacity };

    private static Gen<NodePlan> Bodies { get; } =
        from runs in Seldom(10, Gen.Constant(true), false)
        from batching in Seldom(3, Batchings, null)
        from slow in Seldom(4, Gen.Choose(1, 3), 0)
        from stubborn in Gen.Elements(false, true)
        from returns in Gen.Elements(false, true)
        from trouble in Gen.Frequency((30, Gen.Constant(Trouble.None)), (8, Gen.Elements(Trouble.Throws, Trouble.Refuses, Trouble.Cancels, Trouble.Fails)), (2, Gen.Constant(Trouble.Flickers)), (1, Gen.Elements(Trouble.Hangs, Trouble.Lingers)))
        from threshold in Seldom(5, Gen.Choose(1, 2), NodePlan.NeverRestarts)
        from limit in Gen.Choose(5, 12)
        select new NodePlan { OnlyRuns = runs, Batching = batching, Slow = slow, IsStubborn = stubborn, Returns = returns, Trouble = trouble, FailureThreshold = threshold, Timeout = limit };

    private static Gen<RequestPlan> RequestTo(int nodes) =>
        from endpoint in Gen.Frequency((6, Gen.Constant("/run")), (2, Gen.Constant("/search")), (2, Gen.Constant("/index")))
        from count in Gen.Choose(0, MaxDocuments)
        from documents in Gen.ArrayOf(DocumentFor(nodes), count)
        from priority in Gen.Elements(Priority.Normal, Priority.Normal, Priority.High, Priority.Low)
        from parameter in Seldom(3, Gen.Choose(1, 2), 0)
        from target in Seldom(12, Gen.Choose(0, nodes - 1).Select(node => (int?)node), null)
        from timeout in Seldom(8, Gen.Choose(0, 15).Select(limit => (int?)limit), null)
        from cancel in Seldom(8, Gen.Choose(0, 6).Select(wait => (int?)wait), null)
        from streams in Seldom(8, Gen.Constant(true), false)
        select new RequestPlan { Endpoint = endpoint, Documents = documents, Priority = priority, Parameter = parameter, Target = target, Timeout = timeout, Cancel = cancel, Streams = streams };

    private static Gen<DocumentPlan> DocumentFor(int nodes) =>
        from letter in Gen.Elements('a', 'b', 'c')
        from poison in Seldom(4, Gen.Choose(0, nodes - 1), -1)
        select new DocumentPlan(letter, poison);

    /// <summary>Once in <paramref name="times"/> what <paramref name="rare"/> draws.</summary>
    private static Gen<T> Seldom<T>(int times, Gen<T> rare, T usual) => Gen.Frequency((times - 1, Gen.Constant(usual)), (1, rare));
}
