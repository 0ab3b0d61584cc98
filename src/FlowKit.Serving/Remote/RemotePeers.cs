using System.Net;
using System.Text.Json;
using FlowKit.Telemetry;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Remote;

/// <summary>
/// The replicas of one executor elsewhere, shared by everything in this process that asks it. A name that resolves to several addresses is
/// as many replicas, and is resolved again as time goes by. Of two replicas chosen at random the one with fewer calls under way is asked.
/// </summary>
internal sealed partial class RemotePeers
{
    private static readonly TimeSpan s_refreshAfter = TimeSpan.FromSeconds(10);

    /// <summary>Another replica is asked soon when one cannot be reached.</summary>
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, RemotePeers> s_shared = new(StringComparer.Ordinal);
    private static readonly Lock s_sharing = new();

    private readonly string _key;
    private readonly IReadOnlyList<Uri> _addresses;
    private readonly GrpcConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<string, Task<IPAddress[]>> _resolve;
    private readonly Lock _lock = new();
    private volatile RemotePeer[] _peers = [];
    private readonly IReadOnlyDictionary<string, string> _metadata;
    private volatile IReadOnlySet<string>? _endpoints;
    private Task _refreshing = Task.CompletedTask;
    private long _refreshed;
    private long _discovered;
    private int _isDiscovering;
    private int _users;

    internal RemotePeers(string key, RemoteOptions options, ExecutorContext context, Func<string, Task<IPAddress[]>> resolve)
    {
        _key = key;
        _addresses = [.. options.Addresses.Select(address => new Uri(address))];
        _options = new GrpcConnectionOptions { Tls = RemoteTls.Of(options, context.BaseDirectory), ConnectTimeout = s_connectTimeout };
        _metadata = options.Metadata;
        _time = context.TimeProvider;
        _logger = context.Logger;
        _resolve = resolve;
    }

    /// <summary>The endpoints that they say they answer, asked again as time goes by; <see langword="null"/> while not known.</summary>
    public IReadOnlySet<string>? Endpoints
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

    /// <summary>Takes a share; <see cref="Release"/> gives it back.</summary>
    /// <exception cref="FlowKitException">A certificate cannot be read.</exception>
    public static RemotePeers Acquire(RemoteOptions options, ExecutorContext context)
    {
        var key = $"{context.Name} {context.BaseDirectory} {JsonSerializer.Serialize(options)}";
        lock (s_sharing)
        {
            if (!s_shared.TryGetValue(key, out var peers))
            {
                s_shared.Add(key, peers = new RemotePeers(key, options, context, Dns.GetHostAddressesAsync));
            }

            peers._users++;
            return peers;
        }
    }

    public void Release()
    {
        lock (s_sharing)
        {
            if (--_users > 0)
            {
                return;
            }

            s_shared.Remove(_key);
        }

        foreach (var peer in _peers)
        {
            peer.Dispose();
        }
    }

    /// <summary>Returns whether there is one more to try.</summary>
    public bool HasOthers(List<RemotePeer> tried, RemotePeer last) => Array.Exists(_peers, peer => peer != last && !tried.Contains(peer));

    /// <exception cref="FlowKitException">No name leads anywhere.</exception>
    public async ValueTask<RemoteTurn> ChooseAsync(List<RemotePeer> tried, CancellationToken cancellationToken)
    {
        if (_peers.Length == 0)
        {
            await RefreshAsync().WaitAsync(cancellationToken);
        }
        else if (_time.GetElapsedTime(Volatile.Read(ref _refreshed)) > s_refreshAfter)
        {
            _ = RefreshAsync();
        }

        return new RemoteTurn(Choose(tried));
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
        Become(await FindAsync());
    }

    private async Task<IReadOnlyList<(Uri Address, IPEndPoint? Endpoint)>> FindAsync()
    {
        var found = new List<(Uri, IPEndPoint?)>();
        Exception? failure = null;
        foreach (var address in _addresses)
        {
            if (address.HostNameType != UriHostNameType.Dns || address.IsLoopback)
            {
                found.Add((address, null));
                continue;
            }

            try
            {
                var reachable = Reachable(await _resolve(address.Host));
                found.AddRange(reachable.Select(ip => (address, (IPEndPoint?)new IPEndPoint(ip, address.Port))));
            }
            catch (System.Net.Sockets.SocketException exception)
            {
                failure = exception;
                Log.NotResolved(_logger, address.Host, exception.Message);
                found.AddRange(_peers.Select(peer => peer.Key).Where(key => key.Address == address));
            }
        }

        if (found.Count > 0)
        {
            return found;
        }

        var names = string.Join(", ", _addresses.Select(address => address.Host));
        throw new FlowKitException(FlowErrorCode.Unavailable, $"{names} cannot be resolved: {failure?.Message ?? "no address"}", failure);
    }

    /// <summary>A name often leads to one server by both families: asking both would count it twice.</summary>
    private static IEnumerable<IPAddress> Reachable(IPAddress[] addresses) =>
        addresses.Where(ip => ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) is var old && old.Any() ? old : addresses;

    private void Become(IReadOnlyList<(Uri Address, IPEndPoint? Endpoint)> found)
    {
        var old = _peers.ToDictionary(peer => peer.Key);
        _peers = [.. found.Distinct().Select(key =>
            old.Remove(key, out var peer) ? peer : new RemotePeer(key.Address, key.Endpoint, _options, _time))];
        foreach (var peer in old.Values)
        {
            peer.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.RemoteHostUnresolved, LogLevel.Warning, "{Host} cannot be resolved now: {Message}")]
        public static partial void NotResolved(ILogger logger, string host, string message);
    }
}
