using System.Net;
using System.Text.Json.Nodes;
using FlowKit.Cli.Watching;
using FlowKit.Runtime.Autoscaling;

namespace FlowKit.Cli.Autoscaling;

/// <summary>
/// The load that the gateways of a flow see before each executor: all of a name in DNS are asked, and what they see is added.
/// </summary>
/// <param name="addresses">The gateways' addresses.</param>
/// <param name="key">The key that they ask for; <see langword="null"/> for none.</param>
internal sealed class GatewayLoads(IReadOnlyList<Uri> addresses, string? key)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>Reads the load of every executor.</summary>
    /// <exception cref="FlowKitException">A gateway does not tell: what it sees is not known, and less would be wrong.</exception>
    public async Task<IReadOnlyDictionary<string, PoolLoad>> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            var found = await Task.WhenAll(addresses.Select(address => ResolveAsync(address, limit.Token)));
            var loads = await Task.WhenAll(found.SelectMany(gateways => gateways).Select(gateway => ReadAsync(gateway, limit.Token)));
            return loads.SelectMany(load => load)
                .GroupBy(load => load.Name, StringComparer.Ordinal)
                .ToDictionary(
                    group => group.Key,
                    group => group.Select(load => load.Load).Aggregate((left, right) => left.Plus(right)),
                    StringComparer.Ordinal);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FlowKitException(
                FlowErrorCode.Unavailable, $"The gateways did not tell their load within {s_limit.TotalSeconds} s.", exception);
        }
    }

    /// <summary>Finds the gateways behind a name. TLS needs the name, so that there only one is asked.</summary>
    private static async Task<IReadOnlyList<Uri>> ResolveAsync(Uri address, CancellationToken cancellationToken)
    {
        if (address.Scheme == Uri.UriSchemeHttps || address.HostNameType != UriHostNameType.Dns || address.IsLoopback)
        {
            return [address];
        }

        try
        {
            var found = await Dns.GetHostAddressesAsync(address.DnsSafeHost, cancellationToken);
            return [.. found.Select(ip => new UriBuilder(address) { Host = ip.ToString() }.Uri)];
        }
        catch (System.Net.Sockets.SocketException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.Unavailable, $"The gateway '{address.Host}' is not found: {exception.Message}", exception);
        }
    }

    private async Task<IReadOnlyList<(string Name, PoolLoad Load)>> ReadAsync(Uri gateway, CancellationToken cancellationToken)
    {
        using var client = new StatusClient(gateway.ToString(), key);
        var status = await client.ReadAsync("status", cancellationToken);
        return status["flow"]?["load"] is JsonObject loads
            ? [.. loads.Select(pair => (pair.Key, Of(pair.Value!)))]
            : throw new FlowKitException(FlowErrorCode.Unavailable, $"The gateway at {gateway} does not tell its load.");
    }

    private static PoolLoad Of(JsonNode load) => new(
        (double)load["in_flight"]!, TimeSpan.FromMilliseconds((double)load["oldest_wait_ms"]!), (double)load["in_flight"]! > 0);
}
