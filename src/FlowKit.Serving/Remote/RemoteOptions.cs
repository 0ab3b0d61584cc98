namespace FlowKit.Serving.Remote;

/// <summary>
/// The addresses of an executor elsewhere, and the way in which it is asked: the keys of an entry with <c>external: true</c>.
/// </summary>
public sealed record RemoteOptions
{
    /// <summary>
    /// Addresses such as <c>grpc://host:port</c> or, with TLS, <c>grpcs://host:port</c>; each is as many replicas as its name resolves to.
    /// </summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Metadata sent with every call (<c>grpc_metadata</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The compression of messages: <c>nocompression</c>, <c>gzip</c> or <c>deflate</c>.</summary>
    public string Compression { get; init; } = "nocompression";

    /// <summary>The dialect of its documents: <c>v1</c> for DocArray up to 0.21, <c>v2</c> from 0.30 (<c>docarray_version</c>).</summary>
    public string DocArrayVersion { get; init; } = "v1";

    /// <summary>The file of certificates (PEM) that a server's must come from; <see langword="null"/> for the machine's own.</summary>
    public string? CaCertfile { get; init; }

    /// <summary>The certificate (PEM) that this client shows; <see langword="null"/> for none.</summary>
    public string? Certfile { get; init; }

    /// <summary>Its private key (PEM).</summary>
    public string? Keyfile { get; init; }
}
