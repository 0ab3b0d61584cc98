using System.Threading.Channels;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>The limit of R2: one bounded channel, one loop that answers, completions that are used again.</summary>
internal sealed class PooledChannel : IAsyncDisposable
{
    private const int Capacity = 1024;
    private readonly Channel<PooledReply> _channel = Channel.CreateBounded<PooledReply>(Capacity);
    private readonly PooledReply[] _callers;
    private readonly Task _loop;

    public PooledChannel(int callers)
    {
        _callers = [.. Enumerable.Range(0, callers).Select(_ => new PooledReply())];
        _loop = Task.Run(AnswerAsync);
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="caller">Who sends; each one at a time.</param>
    public ValueTask SendAsync(int caller)
    {
        var request = _callers[caller];
        var answered = request.Arm();
        return _channel.Writer.TryWrite(request) ? answered : SendSlowlyAsync(request, answered);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Writer.Complete();
        await _loop;
    }

    private async ValueTask SendSlowlyAsync(PooledReply request, ValueTask answered)
    {
        await _channel.Writer.WriteAsync(request).ConfigureAwait(false);
        await answered.ConfigureAwait(false);
    }

    private async Task AnswerAsync()
    {
        while (await _channel.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_channel.Reader.TryRead(out var request))
            {
                request.Answer();
            }
        }
    }
}
