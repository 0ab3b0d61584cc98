using System.Diagnostics;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>What became of requests: answered, refused, or failed, and how long each took.</summary>
internal sealed class Outcomes
{
    private long _failed;
    private string? _failure;

    public LatencyHistogram Answered { get; } = new();

    public LatencyHistogram Refused { get; } = new();

    /// <summary>Those that were neither.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>The last failure.</summary>
    public string? Failure => _failure;

    /// <summary>Sends a request and notes what comes of it.</summary>
    /// <param name="send">Sends; gives <see langword="null"/> when all is well.</param>
    public async Task FollowAsync(Func<Task<FlowErrorCode?>> send)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            Note(start, await send().ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            Interlocked.Increment(ref _failed);
            _failure = exception.Message;
        }
    }

    private void Note(long start, FlowErrorCode? error)
    {
        if (error is null)
        {
            Answered.AddSince(start);
        }
        else if (error == FlowErrorCode.ResourceExhausted)
        {
            Refused.AddSince(start);
        }
        else
        {
            Interlocked.Increment(ref _failed);
            _failure = error.ToString();
        }
    }
}
