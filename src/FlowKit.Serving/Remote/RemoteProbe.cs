namespace FlowKit.Serving.Remote;

/// <summary>An answer that all who ask within a second share, so that probes cost the one that is asked nothing much.</summary>
/// <param name="ask">Asks.</param>
/// <param name="time">Time.</param>
internal sealed class RemoteProbe(Func<Task<string?>> ask, TimeProvider time)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<string?>? _asking;
    private long _asked;

    /// <summary>Asks, unless that is under way, or was done a moment ago.</summary>
    public Task<string?> AskAsync()
    {
        lock (_lock)
        {
            if (_asking is not { IsCompleted: false } && (_asking is null || time.GetElapsedTime(_asked) > s_kept))
            {
                _asked = time.GetTimestamp();
                _asking = ask();
            }

            return _asking;
        }
    }
}
