namespace FlowKit.Serving.Remote;

/// <summary>Knows the endpoints that an executor elsewhere says it answers, and asks for them again as time goes by.</summary>
/// <param name="ask">Asks for them; <see langword="null"/> where nobody answers.</param>
/// <param name="time">Time.</param>
internal sealed class PeerDiscovery(Func<Task<DiscoveredEndpoints?>> ask, TimeProvider time)
{
    private static readonly TimeSpan s_askAfter = TimeSpan.FromSeconds(10);

    private volatile DiscoveredEndpoints? _endpoints;
    private long _asked;
    private int _isAsking;

    /// <summary>The endpoints; <see langword="null"/> while they are not known. What was known stays so while nobody answers.</summary>
    public DiscoveredEndpoints? Endpoints
    {
        get
        {
            if (time.GetElapsedTime(Volatile.Read(ref _asked)) > s_askAfter)
            {
                _ = AskAsync();
            }

            return _endpoints;
        }
    }

    private async Task AskAsync()
    {
        if (Interlocked.Exchange(ref _isAsking, 1) != 0)
        {
            return;
        }

        try
        {
            Volatile.Write(ref _asked, time.GetTimestamp());
            _endpoints = await ask() ?? _endpoints;
        }
        catch (FlowKitException)
        {
            // Its name leads nowhere yet; the first request tells.
        }
        finally
        {
            Volatile.Write(ref _isAsking, 0);
        }
    }
}
