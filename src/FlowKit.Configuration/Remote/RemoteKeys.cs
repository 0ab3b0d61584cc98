using FlowKit.Configuration.Launching;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Remote;

/// <summary>The keys of an entry whose executor runs elsewhere.</summary>
internal static class RemoteKeys
{
    /// <summary>The word for one writer: the first of the addresses.</summary>
    public const string FirstWrites = "first";

    public static readonly Key<bool> External = Flag("external");
    public static readonly Key<IReadOnlyList<IReadOnlyList<YamlScalar>>> Host = new("host", new HostsParser(), [], "hosts");
    public static readonly Key<IReadOnlyList<YamlScalar>> Port = TextList("port", "ports");
    public static readonly Key<IReadOnlyList<YamlScalar>> Protocol = TextList("protocol", "protocols");
    public static readonly Key<bool> Tls = Flag("tls");
    public static readonly Key<string?> Authorities = FilePath("ssl_ca_certfile");
    public static readonly Key<string?> CertificateFile = FilePath("ssl_certfile");
    public static readonly Key<string?> KeyFile = FilePath("ssl_keyfile");
    public static readonly Key<IReadOnlyDictionary<string, string>> Metadata = TextMap("grpc_metadata");
    public static readonly Key<string> Compression = new(
        "compression", new ChoiceParser("nocompression", "deflate", "gzip"), "nocompression");
    public static readonly Key<string> DocArrayVersion = new(
        "docarray_version", new ChoiceParser("v1", "v2"), ContainerConfig.DefaultDocArrayVersion);
    public static readonly Key<IReadOnlyList<YamlScalar>> Reads = TextList("reads");
    public static readonly Key<TimeSpan> KeepAlive = Duration("keepalive", TimeSpan.FromSeconds(10));
    public static readonly Key<TimeSpan> Hedge = new("hedge", new OptionalDurationParser(), Timeout.InfiniteTimeSpan);
    public static readonly Key<string?> WritesTo = new("writes_to", new ChoiceParser(FirstWrites, "any")!, null);
    public static readonly Key<int> Concurrency = Whole("concurrency", 1, 1024, 64);

    /// <summary>Those that mean nothing to an executor in this process, which does not listen, and are let pass as Jina does.</summary>
    public static readonly IReadOnlyList<Key> Listening = [Port, Protocol];

    /// <summary>Those that mean something only to one elsewhere.</summary>
    public static readonly IReadOnlyList<Key> Dialling =
    [
        Tls, Authorities, CertificateFile, KeyFile, Metadata, Compression, DocArrayVersion, Concurrency, Reads, KeepAlive, Hedge, WritesTo,
    ];

    public static readonly IReadOnlyList<Key> All = [External, Host, .. Listening, .. Dialling];
}
