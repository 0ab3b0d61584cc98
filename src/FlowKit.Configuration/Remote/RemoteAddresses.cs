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

    /// <returns>Addresses such as <c>grpc://host:port</c>, in the order of the hosts, each once.</returns>
    public IReadOnlyList<string> Read(KeyValues values, string path)
    {
        var ports = new List<int>();
        foreach (var port in values.Get(RemoteKeys.Port).SelectMany(Split))
        {
            if (s_port.TryRead(port, $"{path}.port", diagnostics, out var number))
            {
                ports.Add(number);
            }
        }

        var hosts = values.Get(RemoteKeys.Host).SelectMany(Split).ToList();
        if (hosts.Count == 0)
        {
            hosts.Add(new YamlScalar(values.PlaceOf(RemoteKeys.External), "localhost", ScalarForm.Plain));
        }

        var scheme = values.Get(RemoteKeys.Tls) ? "grpcs" : "grpc";
        var pairs = hosts.Count == 1 && ports.Count > 1 ? ports.Select(port => (Host: hosts[0], Port: (int?)port))
            : hosts.Select(
                (host, index) =>
                    (Host: host, Port: ports.Count == 0 ? null : (int?)ports[ports.Count == 1 ? 0 : Math.Min(index, ports.Count - 1)]));
        if (hosts.Count > 1 && ports.Count > 1 && hosts.Count != ports.Count)
        {
            diagnostics.Add(
                values.PlaceOf(RemoteKeys.Port),
                $"{path}.port",
                $"expected one port, or one for each of the {hosts.Count} hosts, not {ports.Count}");
        }

        var addresses = pairs.Select(pair => Read(pair.Host, pair.Port, scheme, path)).OfType<string>();
        return [.. addresses.Distinct(StringComparer.OrdinalIgnoreCase)];
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
