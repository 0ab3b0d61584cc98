using System.Threading.Tasks.Dataflow;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>The peer without replies: TPL Dataflow's blocks with bounded capacity, one producer and one consumer.</summary>
internal static class DataflowChain
{
    private const int Capacity = 1024;

    public static async Task<long> RunAsync(int stages, TimeSpan duration, DocumentArray documents)
    {
        var count = 0L;
        var options = new ExecutionDataflowBlockOptions { BoundedCapacity = Capacity, SingleProducerConstrained = true };
        var blocks = Enumerable.Range(0, stages).Select(_ => new TransformBlock<DocumentArray, DocumentArray>(list => list, options)).ToArray();
        var consumer = new ActionBlock<DocumentArray>(_ => count++, options);
        for (var i = 0; i < stages; i++)
        {
            ITargetBlock<DocumentArray> next = i + 1 < stages ? blocks[i + 1] : consumer;
            blocks[i].LinkTo(next, new DataflowLinkOptions { PropagateCompletion = true });
        }

        using var stop = new CancellationTokenSource(duration);
        await ProduceAsync(blocks[0], documents, stop.Token);
        await consumer.Completion;
        return count;
    }

    private static async Task ProduceAsync(TransformBlock<DocumentArray, DocumentArray> first, DocumentArray documents, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!first.Post(documents))
            {
                await first.SendAsync(documents, CancellationToken.None).ConfigureAwait(false);
            }
        }

        first.Complete();
    }
}
