using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Schema.Unused;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Gateway;

/// <summary>The keys of <c>gateway:</c>.</summary>
internal static class GatewayKeys
{
    public static readonly Key<YamlNode?> Protocol = Written("protocol", "protocols");
    public static readonly Key<YamlNode?> Port = Written("port", "ports", "port_expose");
    public static readonly Key<string?> Host = new("host", new HostParser()!, null);
    public static readonly Key<string?> Title = Text("title");
    public static readonly Key<string?> Description = Text("description");
    public static readonly Key<bool> Cors = Flag("cors");
    public static readonly Key<bool> NoDebugEndpoints = Flag("no_debug_endpoints");
    public static readonly Key<bool> NoCrudEndpoints = Flag("no_crud_endpoints");
    public static readonly Key<bool> ShowStacks = Flag("show_stacks");
    public static readonly Key<YamlNode?> ExposeEndpoints = Any("expose_endpoints");
    public static readonly Key<IReadOnlyList<YamlScalar>> Compat = TextList("compat");
    public static readonly Key<string> CompatModel = new("compat_model", new ChoiceParser("own", "any"), "own");
    public static readonly Key<int> Prefetch = Whole("prefetch", 1, 1_000_000, GatewayConfig.Defaults.Prefetch);
    public static readonly Key<int> MaxConnections = Whole("max_connections", 1, 1_000_000, 0);
    public static readonly Key<string?> Compression = new("compression", new ChoiceParser("nocompression", "deflate", "gzip")!, null);
    public static readonly Key<string?> DocArrayVersion = new("docarray_version", new ChoiceParser("v1", "v2")!, null);
    public static readonly Key<bool> Strict = Flag("strict");
    public static readonly Key<int> Capacity = Whole("capacity", 1, 1_000_000, GatewayConfig.Defaults.Capacity);
    public static readonly Key<TimeSpan> TimeoutSend = new("timeout_send", new OptionalDurationParser(), Timeout.InfiniteTimeSpan);
    public static readonly Key<long> MaxRequestSize = new("max_request_size", new SizeParser(), GatewayConfig.Defaults.MaxRequestBytes);
    public static readonly Key<MemoryLimit> Memory = new("memory", new MemoryLimitParser(), GatewayConfig.Defaults.Memory);
    public static readonly Key<TimeSpan> TimeoutStop = Duration("timeout_stop", GatewayConfig.Defaults.TimeoutStop);

    public static readonly KeyTable Table = new([
        Protocol, Port, Host, Title, Description, Cors, NoDebugEndpoints, NoCrudEndpoints, ShowStacks, ExposeEndpoints,
        Compat, CompatModel, Prefetch, MaxConnections, Compression, DocArrayVersion, Strict, Capacity, TimeoutSend,
        MaxRequestSize, Memory, TimeoutStop,
        LaterText("name", "another name for the gateway", "gateway"),
        LaterWhole("retries", "retries", -1, 1000, -1),
        LaterWhole("replicas", "several gateways", 1, 1024, 1),
        LaterDuration("timeout_ready", "a limit for the gateway's own start", 600_000),
        LaterFlag("proxy", "proxies"),
        LaterFlag("floating", "a gateway that nobody awaits"),
        LaterFlag("reload", "reloading of the gateway alone"),
        LaterFlag("tls", "TLS by this key ('ssl_certfile' and 'ssl_keyfile' switch it on)"),
        .. Later("options of gRPC channels and servers", "grpc_server_options", "grpc_channel_options", "grpc_metadata"),
        .. Later("a gateway of one's own", "uses", "uses_with", "uses_metas", "entrypoint"),
        .. Later("containers", "docker_kwargs", "volumes", "gpus"),
        .. Later("variables of the gateway alone", "env", "env_from_secret"),
        .. Warned("uvicorn is Python's server and is not used here", "uvicorn_kwargs"),
        new RefusedFlag(
            "expose_graphql_endpoint", "GraphQL is not served; post to the endpoint itself, or expose it with expose_endpoints"),
        .. Refused(
            "FlowKit makes it from the executors; remove this key",
            "graph_description",
            "graph_conditions",
            "deployments_addresses",
            "deployments_metadata",
            "deployments_no_reduce"),
        .. Refused(Python, "py_modules", "extra_search_paths"),
        .. SecurityKeys.All, .. CommonKeys.All,
    ]);
}
