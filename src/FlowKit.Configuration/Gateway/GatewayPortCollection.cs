using System.Collections;

namespace FlowKit.Configuration.Gateway;

/// <summary>The ports of a gateway, in order; two are equal when their ports are.</summary>
/// <param name="ports">The ports, at least one.</param>
public sealed class GatewayPortCollection(
    params IEnumerable<GatewayPort> ports) : IReadOnlyList<GatewayPort>, IEquatable<GatewayPortCollection>
{
    private readonly GatewayPort[] _ports = [.. ports];

    /// <inheritdoc/>
    public int Count => _ports.Length;

    /// <inheritdoc/>
    public GatewayPort this[int index] => _ports[index];

    /// <inheritdoc/>
    public IEnumerator<GatewayPort> GetEnumerator() => _ports.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(GatewayPortCollection? other) => other is not null && _ports.AsSpan().SequenceEqual(other._ports);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GatewayPortCollection);

    /// <inheritdoc/>
    public override int GetHashCode() => _ports.Aggregate(0, HashCode.Combine);
}
