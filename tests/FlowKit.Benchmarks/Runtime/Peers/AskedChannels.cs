using System.Threading.Channels;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>Stages written by hand between bounded channels that answer each request: what a careful programmer writes instead of a flow.</summary>
internal sealed class AskedChannels : IAsyncDisposable
{
    private const int Capacity = 1024;
    private readonly Channel<AskedRequest>[] _hops;
    private readonly Task[] _loops;

    public AskedChannels(int stages)
    {
        _hops = [.. Enumerable.Range(0, stages).Select(_ => Channel.CreateBounded<AskedRequest>(Capacity))];
        _loops = [.. Enumerable.Range(0, stages).Select(i => Task.Run(() => PassAsync(_hops[i].Reader, i + 1 < stages ? _hops[i + 1].Writer : null)))];
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    public async ValueTask SendAsync(DocumentArray documents)
    {
        var request = new AskedRequest(documents);
        if (!_hops[0].Writer.TryWrite(request))
        {
            await _hops[0].Writer.WriteAsync(request).ConfigureAwait(false);
        }

        await request.Reply.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _hops[0].Writer.Complete();
        await Task.WhenAll(_loops);
    }

    private static async Task PassAsync(ChannelReader<AskedRequest> input, ChannelWriter<AskedRequest>? output)
    {
        while (await input.WaitToReadAsync().ConfigureAwait(false))
        {
            while (input.TryRead(out var request))
            {
                if (output is null)
                {
                    request.Answer();
                }
                else if (!output.TryWrite(request))
                {
                    await output.WriteAsync(request).ConfigureAwait(false);
                }
            }
        }

        output?.Complete();
    }
}
