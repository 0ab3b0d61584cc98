using System.Globalization;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Remote;

/// <summary>
/// Puts <c>host</c> and <c>port</c> together as Jina does: a host may be a list, and each may be an address of its own
/// (<c>grpcs://host:port</c>); ports are one for all hosts, one for each, or several of one host.
/// </summary>
/// <param name="diagnostics">Collects mistakes.</param>
internal sealed class RemoteAddresses(ConfigDiagnostics diagnostics)
{
    private static readonly WholeParser s_port = new(1, 65535);

    /// <summary>The place of a shard's number in a host: <c>indexer-{shard}.indexer</c>.</summary>
    private const string Shard = "{shard}";

    /// <summary>Reads the addresses of each shard.</summary>
    /// <param name="values">The keys of the entry.</param>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="path">The path of the entry, for messages.</param>
    /// <returns>Addresses such as <c>grpc://host:port</c>, in the order of the hosts, each once.</returns>
    public IReadOnlyList<IReadOnlyList<string>> Read(KeyValues values, int shards, string path)
    {
        var ports = ReadPorts(values, path);
        IReadOnlyList<IReadOnlyList<YamlScalar>> groups =
            [.. values.Get(RemoteKeys.Host).Select(group => group.SelectMany(Split).ToList()).Where(group => group.Count > 0)];
        if (groups.Count == 0)
        {
            groups = [[new YamlScalar(values.PlaceOf(RemoteKeys.External), "localhost", ScalarForm.Plain)]];
        }

        var hosts = groups.SelectMany(group => group).ToList();
        if (hosts.Count > 1 && ports.Count > 1 && hosts.Count != ports.Count)
        {
            diagnostics.Add(
                values.PlaceOf(RemoteKeys.Port),
                $"{path}.port",
                $"expected one port, or one for each of the {hosts.Count} hosts, not {ports.Count}");
        }

        var scheme = values.Get(RemoteKeys.Tls) ? "grpcs" : "grpc";
        if (hosts.Exists(HasShard) || shards == 1)
        {
            // What is wrong in a host is told once, not for each shard.
            var first = ReadShard(hosts, ports, 0, scheme, path);
            return first.Count == 0
                ? [.. Enumerable.Repeat(first, shards)]
                : CheckOwn([first, .. Enumerable.Range(1, shards - 1).Select(Others)], hosts[0], path);
        }

        var own = hosts.Count == 1 && ports.Count > 1
            ? [.. ports.Select(port => ReadShard(hosts, [port], 0, scheme, path))]
            : Regroup(groups, ports).Select(group => ReadShard(group.Hosts, group.Ports, 0, scheme, path)).ToList();
        if (own.Count == shards)
        {
            return CheckOwn(own, hosts[0], path);
        }

        diagnostics.Add(
            hosts[0].Place,
            $"{path}.host",
            $"expected {Shard} in the host, or an address for each of the {shards} shards, not {own.Count}; one address that asks its "
                + "shards itself, as Jina's head, is written without 'shards'");
        return [.. Enumerable.Repeat<IReadOnlyList<string>>([], shards)];

        IReadOnlyList<string> Others(int shard) => ReadShard(hosts, ports, shard, scheme, path);
    }

    private static bool HasShard(YamlScalar host) => host.Value.Contains(Shard, StringComparison.Ordinal);

    /// <summary>Ports that are one for each host go along with it.</summary>
    private static IEnumerable<(List<YamlScalar> Hosts, List<int> Ports)> Regroup(
        IReadOnlyList<IReadOnlyList<YamlScalar>> groups, List<int> ports)
    {
        var taken = 0;
        foreach (var group in groups)
        {
            yield return ([.. group], ports.Count > 1 ? [.. ports.Skip(taken).Take(group.Count)] : ports);
            taken += group.Count;
        }
    }

    private List<int> ReadPorts(KeyValues values, string path)
    {
        var ports = new List<int>();
        foreach (var port in values.Get(RemoteKeys.Port).SelectMany(Split))
        {
            if (s_port.TryRead(port, $"{path}.port", diagnostics, out var number))
            {
                ports.Add(number);
            }
        }

        return ports;
    }

    private List<string> ReadShard(List<YamlScalar> hosts, List<int> ports, int shard, string scheme, string path)
    {
        var pairs = hosts.Count == 1 && ports.Count > 1 ? ports.Select(port => (Host: hosts[0], Port: (int?)port))
            : hosts.Select(
                (host, index) =>
                    (Host: host, Port: ports.Count == 0 ? null : (int?)ports[ports.Count == 1 ? 0 : Math.Min(index, ports.Count - 1)]));
        var addresses = pairs.Select(pair => Read(Numbered(pair.Host, shard), pair.Port, scheme, path)).OfType<string>();
        return [.. addresses.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static YamlScalar Numbered(YamlScalar host, int shard)
    {
        var number = shard.ToString(CultureInfo.InvariantCulture);
        return HasShard(host) ? new YamlScalar(host.Place, host.Value.Replace(Shard, number, StringComparison.Ordinal), host.Form) : host;
    }

    /// <summary>Refuses an address that two shards have: their documents are different ones.</summary>
    private IReadOnlyList<IReadOnlyList<string>> CheckOwn(IReadOnlyList<IReadOnlyList<string>> shards, YamlScalar host, string path)
    {
        var known = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (address, shard) in shards.SelectMany((group, shard) => group.Select(address => (address, shard))))
        {
            if (!known.TryAdd(address, shard))
            {
                diagnostics.Add(host.Place, $"{path}.host", $"the shards {known[address]} and {shard} have the same address {address}");
                break;
            }
        }

        return shards;
    }

    /// <summary>Jina also takes a list in one text, with commas.</summary>
    private static IEnumerable<YamlScalar> Split(YamlScalar text) =>
        text.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } parts
            ? parts.Select(part => new YamlScalar(text.Place, part, text.Form, text.Form == ScalarForm.Substituted ? text.Written : part))
            : [text];

    private string? Read(YamlScalar host, int? port, string scheme, string path)
    {
        var text = host.Value.Contains("://", StringComparison.Ordinal) ? host.Value : $"{scheme}://{host.Value}";
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var address)
                || address.Scheme is not ("grpc" or "grpcs" or "http" or "https")
                || address.Host.Length == 0
            || address.PathAndQuery is not ("" or "/") || address.UserInfo.Length > 0)
        {
            diagnostics.Add(host.Place, $"{path}.host", $"expected a host, or an address such as grpc://host:port, not {host.Shown}");
            return null;
        }

        var own = address.IsDefaultPort && !text.EndsWith($":{address.Port}", StringComparison.Ordinal) ? null : (int?)address.Port;
        if ((own ?? port) is not (> 0 and var number))
        {
            diagnostics.Add(host.Place, $"{path}.host", "expected a port, in the address or under 'port'");
            return null;
        }

        var name = address.HostNameType == UriHostNameType.IPv6 ? $"[{address.DnsSafeHost}]" : address.Host;
        return string.Create(
            CultureInfo.InvariantCulture, $"{(address.Scheme is "grpcs" or "https" ? "grpcs" : "grpc")}://{name}:{number}");
    }
}
