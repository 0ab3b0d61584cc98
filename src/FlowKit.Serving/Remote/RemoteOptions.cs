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

    /// <summary>
    /// The addresses of each shard, by its number, which together are <see cref="Addresses"/>; empty for an executor without shards.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> ShardAddresses { get; init; } = [];

    /// <summary>
    /// Tells whether what writes, or may, goes to the first address alone and the others are only read (<c>writes_to</c>). Default false.
    /// </summary>
    public bool WritesToFirst { get; init; }

    /// <summary>Metadata sent with every call (<c>grpc_metadata</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The compression of messages: <c>nocompression</c>, <c>gzip</c> or <c>deflate</c>.</summary>
    public string Compression { get; init; } = "nocompression";

    /// <summary>The dialect of its documents: <c>v1</c> for DocArray up to 0.21, <c>v2</c> from 0.30 (<c>docarray_version</c>).</summary>
    public string DocArrayVersion { get; init; } = "v1";

    /// <summary>
    /// The endpoints that only read, <c>*</c> for all, so that a call that may have been seen is made again where the executor does not
    /// tell itself, as Jina's do not (<c>reads</c>); <see langword="null"/> for what it tells.
    /// </summary>
    public IReadOnlyList<string>? Reads { get; init; }

    /// <summary>
    /// The milliseconds that a connection may be silent before it is pinged (<c>keepalive</c>); half of it is left for the answer. Default
    /// 10,000.
    /// </summary>
    public int KeepaliveMs { get; init; } = 10_000;

    /// <summary>
    /// The milliseconds after which a read is asked of another replica as well (<c>hedge</c>); <see langword="null"/> for never.
    /// </summary>
    public int? HedgeMs { get; init; }

    /// <summary>
    /// The milliseconds that a call may take whose caller sets no limit (<c>timeout_executor</c>). Default 600,000, ten minutes; streams
    /// have none.
    /// </summary>
    public long TimeoutMs { get; init; } = 600_000;

    /// <summary>The file of certificates (PEM) that a server's must come from; <see langword="null"/> for the machine's own.</summary>
    public string? CaCertfile { get; init; }

    /// <summary>The certificate (PEM) that this client shows; <see langword="null"/> for none.</summary>
    public string? Certfile { get; init; }

    /// <summary>Its private key (PEM).</summary>
    public string? Keyfile { get; init; }
}
