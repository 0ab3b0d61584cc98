namespace FlowKit.Imaging.Uris;

/// <summary>
/// The hosts that <c>uses_with.hosts</c> names. A name without a port means the usual ones, 80 and 443; <c>*</c> means every host, but
/// not every address.
/// </summary>
internal sealed class AllowedHosts(IReadOnlyList<string> names)
{
    private readonly HashSet<string> _names = new(names.Select(name => name.Trim()), StringComparer.OrdinalIgnoreCase);

    /// <summary>Indicates whether a host is allowed by name, so that it may have any address.</summary>
    /// <param name="host">A name or an address, without brackets.</param>
    /// <param name="port">The port.</param>
    public bool Names(string host, int port)
    {
        var written = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return _names.Contains($"{written}:{port}") || (port is 80 or 443 && _names.Contains(written));
    }

    /// <summary>Indicates whether a host may be contacted at all.</summary>
    public bool Allow(Uri address) => address.Scheme is "http" or "https" && (_names.Contains("*") || Names(address.IdnHost, address.Port));

    /// <inheritdoc/>
    public override string ToString() => _names.Count == 0 ? "none" : string.Join(", ", names);
}
