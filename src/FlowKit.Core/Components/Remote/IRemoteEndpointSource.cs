using FlowKit.Components.Schemas;

namespace FlowKit.Components.Remote;

/// <summary>An executor that runs elsewhere, where it says itself what it answers.</summary>
internal interface IRemoteEndpointSource
{
    /// <summary>The endpoints it answers; <see langword="null"/> while that is not known, or where it does not tell.</summary>
    IReadOnlySet<string>? Endpoints { get; }

    /// <summary>Returns what it tells of an endpoint; <see langword="null"/> where it tells nothing, or that is not known.</summary>
    EndpointSchema? FindSchema(string endpoint);

    /// <summary>
    /// Tells whether an endpoint changes what it keeps; <see langword="null"/> where it does not say, or that is not known.
    /// </summary>
    bool? Writes(string endpoint) => FindSchema(endpoint)?.IsWrite;

    /// <summary>The replicas there; <see langword="null"/> where they are started here.</summary>
    IReadOnlyList<PeerHealth>? Peers => null;
}
