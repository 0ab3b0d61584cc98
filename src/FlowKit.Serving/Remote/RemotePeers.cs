using System.Net;
using FlowKit.Components;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Remote;

/// <summary>
/// The replicas of one executor elsewhere. A name that resolves to several addresses is as many replicas, and is resolved again as time
/// goes by. All are asked every two seconds whether they serve, so that a call passes those by that do not.
/// </summary>
internal sealed class RemotePeers : IDisposable
{
    private static readonly TimeSpan s_refreshAfter = TimeSpan.FromSeconds(10);

    /// <summary>Another replica is asked soon when one cannot be reached.</summary>
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_askAfter = TimeSpan.FromSeconds(2);

    /// <summary>The library takes no shorter time for the answer of a ping.</summary>
    private static readonly TimeSpan s_minAnswer = TimeSpan.FromSeconds(1);

    private readonly RemoteAddresses _addresses;
    private readonly GrpcConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly PeerDiscovery _discovery;
    private volatile RemotePeer[] _peers = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly RemoteOptions _remote;
    private volatile string? _unresolved;
    private readonly RemoteProbe _probe;
    private Task _refreshing = Task.CompletedTask;
    private long _refreshed;

    internal RemotePeers(RemoteOptions options, ExecutorContext context, Func<string, Task<IPAddress[]>> resolve)
    {
        _addresses = new RemoteAddresses([.. options.Addresses.Select(address => new Uri(address))], resolve, context.Logger);
        var keepAlive = TimeSpan.FromMilliseconds(Math.Max(options.KeepaliveMs, 1000));
        _options = new GrpcConnectionOptions
        {
            Tls = RemoteTls.Of(options, context.BaseDirectory),
            ConnectTimeout = s_connectTimeout,
            KeepAliveDelay = keepAlive,
            KeepAliveTimeout = keepAlive / 2 > s_minAnswer ? keepAlive / 2 : s_minAnswer,
        };
        _remote = options;
        _time = context.TimeProvider;
        _discovery = new PeerDiscovery(DiscoverAsync, _time);
        _probe = new RemoteProbe(ProbeOnceAsync, _time);
    }

    /// <summary>The endpoints that they say they answer, asked again as time goes by; <see langword="null"/> while not known.</summary>
    public DiscoveredEndpoints? Endpoints => _discovery.Endpoints;

    /// <summary>The metadata sent with every call.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _remote.Metadata;

    /// <summary>The number of those that are known now.</summary>
    public int Count => _peers.Length;

    /// <summary>The health of each, for people; of the names as long as they lead nowhere.</summary>
    public IReadOnlyList<PeerHealth> Health => _peers is { Length: > 0 } peers
        ? [.. peers.Select(peer => peer.Health)]
        : [.. _remote.Addresses.Select(address => new PeerHealth(address, _unresolved is null, false, 0, _unresolved))];

    /// <summary>Asks all again and again whether they serve, until they are disposed.</summary>
    public async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(s_askAfter, _time);
            do
            {
                await AskAsync();
            }
            while (await timer.WaitForNextTickAsync(_ended.Token));
        }
        catch (OperationCanceledException)
        {
            // Nobody needs them any more.
        }
    }

    /// <summary>Closes the connections once their calls have ended.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        foreach (var peer in _peers)
        {
            peer.Dispose();
        }
    }

    /// <summary>Tells whether there is another to try.</summary>
    /// <param name="tried">Those that the call has been to.</param>
    /// <param name="isWriter">Whether only the writer may have the call.</param>
    public bool HasOthers(List<RemotePeer> tried, bool isWriter) => Array.Exists(Peers(isWriter), peer => !tried.Contains(peer));

    /// <param name="tried">Those that the call has been to.</param>
    /// <param name="isWriter">Whether only the writer may have the call: the first address.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="FlowKitException">No name leads anywhere.</exception>
    public async ValueTask<RemoteLease> ChooseAsync(
        IReadOnlyCollection<RemotePeer> tried, bool isWriter, CancellationToken cancellationToken)
    {
        if (_peers.Length == 0)
        {
            await RefreshAsync().WaitAsync(cancellationToken);
        }
        else if (_time.GetElapsedTime(Volatile.Read(ref _refreshed)) > s_refreshAfter)
        {
            _ = RefreshAsync();
        }

        var peers = Peers(isWriter);
        return peers.Length > 0
            ? new RemoteLease(PeerSelection.Choose(peers, tried))
            : throw new FlowKitException(FlowErrorCode.Unavailable, $"{_remote.Addresses[0]}, which alone may write, has no address now.");
    }

    /// <summary>Asks whether one of them serves; who asks within a second is told the same.</summary>
    /// <returns>Why none does; <see langword="null"/> when one does.</returns>
    public Task<string?> ProbeAsync() => _probe.AskAsync();

    private RemotePeer[] Peers(bool isWriter)
    {
        var peers = _peers;
        return isWriter && _remote.Addresses is [var writer, _, ..]
            ? Array.FindAll(peers, peer => peer.Key.Address.OriginalString == writer)
            : peers;
    }

    private async Task<DiscoveredEndpoints?> DiscoverAsync()
    {
        using var turn = await ChooseAsync(Array.Empty<RemotePeer>(), isWriter: false, CancellationToken.None);
        return await turn.Peer.DiscoverAsync(CallMetadata.Of(_remote.Metadata));
    }

    private async Task AskAsync()
    {
        await FindAsync();
        await Task.WhenAll(_peers.Select(peer => peer.AskAsync(CallMetadata.Of(_remote.Metadata))));
    }

    /// <summary>Asks until one says that it serves.</summary>
    private async Task<string?> ProbeOnceAsync()
    {
        await FindAsync();
        var fault = _unresolved;
        await foreach (var asked in Task.WhenEach(_peers.Select(peer => peer.AskAsync(CallMetadata.Of(_remote.Metadata)))))
        {
            fault = await asked;
            if (fault is null)
            {
                return null;
            }
        }

        return fault ?? "It has no address.";
    }

    private async Task FindAsync()
    {
        try
        {
            if (_peers.Length == 0 || _time.GetElapsedTime(Volatile.Read(ref _refreshed)) > s_refreshAfter)
            {
                await RefreshAsync().WaitAsync(_ended.Token);
            }

            _unresolved = null;
        }
        catch (FlowKitException exception)
        {
            _unresolved = exception.Message;
        }
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
        var isLate = old.Count > 0;
        _peers = [.. found.Distinct().Select(key =>
            old.Remove(key, out var peer) ? peer : new RemotePeer(key.Address, key.Endpoint, _options, _time, isLate))];
        foreach (var peer in old.Values)
        {
            peer.Dispose();
        }
    }
}
