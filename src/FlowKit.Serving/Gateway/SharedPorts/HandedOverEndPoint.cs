using System.Net;

namespace FlowKit.Serving.Gateway.SharedPorts;

/// <summary>The end point of <see cref="HandedOverConnections"/>: a name only.</summary>
internal sealed class HandedOverEndPoint : EndPoint
{
    /// <summary>The name, under which nothing can be reached (RFC 6761).</summary>
    public const string Name = "handed-over.invalid";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
