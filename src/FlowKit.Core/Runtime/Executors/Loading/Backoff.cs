namespace FlowKit.Runtime.Executors.Loading;

/// <summary>
/// Ever longer waits between attempts: doubled from the first to the longest, with a jitter so that replicas do not come together.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan max)
{
    private TimeSpan _next = first;

    public TimeSpan Next()
    {
        var wait = _next;
        _next = wait * 2 < max ? wait * 2 : max;
        return wait * (0.75 + (Random.Shared.NextDouble() * 0.5));
    }
}
