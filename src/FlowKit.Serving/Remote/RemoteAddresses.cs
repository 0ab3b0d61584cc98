using System.Net;
using System.Net.Sockets;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Remote;

/// <summary>Resolves the addresses of an executor elsewhere: a name stands for as many replicas as it has addresses.</summary>
/// <param name="addresses">The addresses as they are configured.</param>
/// <param name="resolve">Resolves a host's name.</param>
/// <param name="logger">Is told of names that cannot be resolved.</param>
internal sealed partial class RemoteAddresses(
    IReadOnlyList<Uri> addresses, Func<string, Task<IPAddress[]>> resolve, ILogger logger)
{
    /// <summary>Finds the replicas; those of a name that cannot be resolved now stay where they were.</summary>
    /// <param name="known">The replicas found before.</param>
    /// <exception cref="FlowKitException">No name can be resolved, and none was before.</exception>
    public async Task<IReadOnlyList<(Uri Address, IPEndPoint? Endpoint)>> FindAsync(
        Func<IEnumerable<(Uri Address, IPEndPoint? Endpoint)>> known)
    {
        var found = new List<(Uri, IPEndPoint?)>();
        Exception? failure = null;
        foreach (var address in addresses)
        {
            if (address.HostNameType != UriHostNameType.Dns || address.IsLoopback)
            {
                found.Add((address, null));
                continue;
            }

            try
            {
                var reachable = Reachable(await resolve(address.Host));
                found.AddRange(reachable.Select(ip => (address, (IPEndPoint?)new IPEndPoint(ip, address.Port))));
            }
            catch (SocketException exception)
            {
                failure = exception;
                Log.NotResolved(logger, address.Host, exception.Message);
                found.AddRange(known().Where(key => key.Address == address));
            }
        }

        if (found.Count > 0)
        {
            return found;
        }

        var names = string.Join(", ", addresses.Select(address => address.Host));
        throw new FlowKitException(FlowErrorCode.Unavailable, $"{names} cannot be resolved: {failure?.Message ?? "no address"}", failure);
    }

    /// <summary>Prefers IPv4: a name often leads to one server by both families, and asking both would count it twice.</summary>
    private static IEnumerable<IPAddress> Reachable(IPAddress[] addresses) =>
        addresses.Where(ip => ip.AddressFamily == AddressFamily.InterNetwork) is var old && old.Any() ? old : addresses;

    private static partial class Log
    {
        [LoggerMessage(EventIds.RemoteHostUnresolved, LogLevel.Warning, "{Host} cannot be resolved now: {Message}")]
        public static partial void NotResolved(ILogger logger, string host, string message);
    }
}
