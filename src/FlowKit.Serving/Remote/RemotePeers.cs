using System.Net;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Remote;

/// <summary>
/// The replicas of one executor elsewhere. A name that resolves to several addresses is as many replicas, and is resolved again as time
/// goes by. Of two replicas chosen at random the one with fewer calls under way is asked.
/// </summary>
internal sealed class RemotePeers : IDisposable
{
    private static readonly TimeSpan s_refreshAfter = TimeSpan.FromSeconds(10);

    /// <summary>Another replica is asked soon when one cannot be reached.</summary>
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(2);

    private readonly RemoteAddresses _addresses;
    private readonly GrpcConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private volatile RemotePeer[] _peers = [];
    private readonly IReadOnlyDictionary<string, string> _metadata;
    private volatile DiscoveredEndpoints? _endpoints;
    private readonly RemoteProbe _probe;
    private Task _refreshing = Task.CompletedTask;
    private long _refreshed;
    private long _discovered;
    private int _isDiscovering;

    internal RemotePeers(RemoteOptions options, ExecutorContext context, Func<string, Task<IPAddress[]>> resolve)
    {
        _addresses = new RemoteAddresses([.. options.Addresses.Select(address => new Uri(address))], resolve, context.Logger);
        _options = new GrpcConnectionOptions { Tls = RemoteTls.Of(options, context.BaseDirectory), ConnectTimeout = s_connectTimeout };
        _metadata = options.Metadata;
        _time = context.TimeProvider;
        _probe = new RemoteProbe(ProbeOnceAsync, _time);
    }

    /// <summary>The endpoints that they say they answer, asked again as time goes by; <see langword="null"/> while not known.</summary>
    public DiscoveredEndpoints? Endpoints
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _discovered)) > s_refreshAfter)
            {
                _ = DiscoverAsync();
            }

            return _endpoints;
        }
    }

    /// <summary>The number of those that are known now.</summary>
    public int Count => _peers.Length;

    /// <summary>Closes the connections once their calls have ended.</summary>
    public void Dispose()
    {
        foreach (var peer in _peers)
        {
            peer.Dispose();
        }
    }

    /// <summary>Tells whether there is another to try.</summary>
    public bool HasOthers(List<RemotePeer> tried, RemotePeer last) => Array.Exists(_peers, peer => peer != last && !tried.Contains(peer));

    /// <exception cref="FlowKitException">No name leads anywhere.</exception>
    public async ValueTask<RemoteLease> ChooseAsync(List<RemotePeer> tried, CancellationToken cancellationToken)
    {
        if (_peers.Length == 0)
        {
            await RefreshAsync().WaitAsync(cancellationToken);
        }
        else if (_time.GetElapsedTime(Volatile.Read(ref _refreshed)) > s_refreshAfter)
        {
            _ = RefreshAsync();
        }

        return new RemoteLease(Choose(tried));
    }

    /// <summary>Asks for the endpoints; what was known stays so while nobody answers.</summary>
    public async Task DiscoverAsync()
    {
        if (Interlocked.Exchange(ref _isDiscovering, 1) != 0)
        {
            return;
        }

        try
        {
            Volatile.Write(ref _discovered, _time.GetTimestamp());
            using var turn = await ChooseAsync([], CancellationToken.None);
            _endpoints = await turn.Peer.DiscoverAsync(CallMetadata.Of(_metadata)) ?? _endpoints;
        }
        catch (FlowKitException)
        {
            // Its name leads nowhere yet; the first request tells.
        }
        finally
        {
            Volatile.Write(ref _isDiscovering, 0);
        }
    }

    /// <summary>Asks whether one of them serves; who asks within a second is told the same.</summary>
    /// <returns>Why none does; <see langword="null"/> when one does.</returns>
    public Task<string?> ProbeAsync() => _probe.AskAsync();

    private async Task<string?> ProbeOnceAsync()
    {
        try
        {
            if (_peers.Length == 0 || _time.GetElapsedTime(Volatile.Read(ref _refreshed)) > s_refreshAfter)
            {
                await RefreshAsync();
            }
        }
        catch (FlowKitException exception)
        {
            return exception.Message;
        }

        string? fault = null;
        await foreach (var asked in Task.WhenEach(_peers.Select(peer => peer.ProbeAsync(CallMetadata.Of(_metadata)))))
        {
            fault = await asked;
            if (fault is null)
            {
                return null;
            }
        }

        return fault ?? "It has no address.";
    }

    private RemotePeer Choose(List<RemotePeer> tried)
    {
        var peers = _peers;
        var candidates = peers.Length == 1 ? peers : Array.FindAll(peers, peer => !peer.IsOpen && !tried.Contains(peer));
        if (candidates.Length == 0)
        {
            var untried = Array.FindAll(peers, peer => !tried.Contains(peer));
            candidates = untried.Length > 0 ? untried : peers;
        }

        var first = Random.Shared.Next(candidates.Length);
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        var second = (first + 1 + Random.Shared.Next(candidates.Length - 1)) % candidates.Length;
        return candidates[first].Outstanding <= candidates[second].Outstanding ? candidates[first] : candidates[second];
    }

    /// <summary>Resolves names again, once for all who ask meanwhile; those that cannot be resolved now stay where they were.</summary>
    private Task RefreshAsync()
    {
        lock (_lock)
        {
            return _refreshing.IsCompleted ? _refreshing = RefreshOnceAsync() : _refreshing;
        }
    }

    private async Task RefreshOnceAsync()
    {
        Volatile.Write(ref _refreshed, _time.GetTimestamp());
        ReplacePeers(await _addresses.FindAsync(() => _peers.Select(peer => peer.Key)));
    }

    private void ReplacePeers(IReadOnlyList<(Uri Address, IPEndPoint? Endpoint)> found)
    {
        var old = _peers.ToDictionary(peer => peer.Key);
        _peers = [.. found.Distinct().Select(key =>
            old.Remove(key, out var peer) ? peer : new RemotePeer(key.Address, key.Endpoint, _options, _time))];
        foreach (var peer in old.Values)
        {
            peer.Dispose();
        }
    }
}
