using FlowKit.Wire.Proto;

namespace FlowKit.Client;

/// <summary>The options with which a client connects.</summary>
public sealed record FlowClientOptions
{
    /// <summary>The key that the gateway asks for; sent as <c>Authorization: Bearer</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>More headers of every request; a WebSocket sends them once, when it opens.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// A PEM file with the authorities to trust, for a certificate that the system does not know; <see langword="null"/> for the system's
    /// own.
    /// </summary>
    public string? TrustedCertificatesFile { get; init; }

    /// <summary>Indicates whether replies over HTTP may come compressed: worth it over a slow network, not on one machine; false.</summary>
    public bool AcceptCompressed { get; init; }

    /// <summary>
    /// The dialect of documents over gRPC: the one of the DocArray that is installed beside the peer. FlowKit's gateways understand both.
    /// </summary>
    public DocArrayDialect DocArray { get; init; } = DocArrayDialect.V1;

    /// <summary>Time, for waits between attempts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The headers with the key among them.</summary>
    internal IEnumerable<KeyValuePair<string, string>> AllHeaders =>
        ApiKey is null ? Headers : Headers.Append(new("Authorization", $"Bearer {ApiKey}"));
}
