using System.Threading.Channels;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>The limit of R1: stages written by hand between bounded channels, which pass a list on and know no replies, failures or deadlines.</summary>
internal static class ChannelChain
{
    private const int Capacity = 1024;

    /// <summary>One producer, <paramref name="stages"/> stages, one consumer: one hop more than stages.</summary>
    public static async Task<long> RunAsync(int stages, TimeSpan duration, DocumentArray documents)
    {
        var hops = Enumerable.Range(0, stages + 1).Select(_ => Channel.CreateBounded<DocumentArray>(Capacity)).ToArray();
        var loops = Enumerable.Range(0, stages).Select(i => Task.Run(() => PassAsync(hops[i], hops[i + 1]))).ToArray();
        var consumer = Task.Run(() => CountAsync(hops[^1]));
        using var stop = new CancellationTokenSource(duration);
        await ProduceAsync(hops[0], documents, stop.Token);
        await Task.WhenAll(loops);
        return await consumer;
    }

    private static async Task ProduceAsync(ChannelWriter<DocumentArray> output, DocumentArray documents, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!output.TryWrite(documents))
            {
                await output.WriteAsync(documents, CancellationToken.None).ConfigureAwait(false);
            }
        }

        output.Complete();
    }

    private static async Task PassAsync(ChannelReader<DocumentArray> input, ChannelWriter<DocumentArray> output)
    {
        while (await input.WaitToReadAsync().ConfigureAwait(false))
        {
            while (input.TryRead(out var documents))
            {
                if (!output.TryWrite(documents))
                {
                    await output.WriteAsync(documents).ConfigureAwait(false);
                }
            }
        }

        output.Complete();
    }

    private static async Task<long> CountAsync(ChannelReader<DocumentArray> input)
    {
        var count = 0L;
        while (await input.WaitToReadAsync().ConfigureAwait(false))
        {
            while (input.TryRead(out _))
            {
                count++;
            }
        }

        return count;
    }
}
