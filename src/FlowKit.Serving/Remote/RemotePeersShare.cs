using System.Net;
using System.Text.Json;

namespace FlowKit.Serving.Remote;

/// <summary>
/// A share of the connections to one executor elsewhere. Everything in this process that asks it by the same options has a share of the
/// same connections; they are closed with the last share.
/// </summary>
internal sealed class RemotePeersShare : IDisposable
{
    private static readonly Dictionary<string, RemotePeersShare> s_shared = new(StringComparer.Ordinal);
    private static readonly Lock s_sharing = new();

    private readonly string _key;
    private int _users;

    private RemotePeersShare(string key, RemotePeers peers)
    {
        _key = key;
        Peers = peers;
    }

    /// <summary>The connections.</summary>
    public RemotePeers Peers { get; }

    /// <summary>Takes a share; each is given back by one <see cref="Dispose"/>.</summary>
    /// <exception cref="FlowKitException">A certificate cannot be read.</exception>
    public static RemotePeersShare Acquire(RemoteOptions options, ExecutorContext context)
    {
        var key = $"{context.Name} {context.BaseDirectory} {JsonSerializer.Serialize(options)}";
        lock (s_sharing)
        {
            if (!s_shared.TryGetValue(key, out var share))
            {
                share = new RemotePeersShare(key, new RemotePeers(options, context, Dns.GetHostAddressesAsync));
                s_shared.Add(key, share);
                _ = share.Peers.WatchAsync();
            }

            share._users++;
            return share;
        }
    }

    /// <summary>Gives one share back.</summary>
    public void Dispose()
    {
        lock (s_sharing)
        {
            if (--_users > 0)
            {
                return;
            }

            s_shared.Remove(_key);
        }

        Peers.Dispose();
    }
}
