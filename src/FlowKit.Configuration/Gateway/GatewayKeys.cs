using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Schema.Unused;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Gateway;

/// <summary>The keys of <c>gateway:</c>.</summary>
internal static class GatewayKeys
{
    private const string OwnGateway = "a gateway of one's own is a Python class or an image of one, which cannot run here; "
        + "'expose_endpoints' and 'compat' shape FlowKit's own";

    public static readonly Key<YamlNode?> Protocol = Written("protocol", "protocols");
    public static readonly Key<bool> Restful = Flag("restful");
    public static readonly Key<YamlNode?> Port = Written("port", "ports", "port_expose");
    public static readonly Key<string?> Host = new("host", new HostParser()!, null);
    public static readonly Key<string?> Title = Text("title");
    public static readonly Key<string?> Description = Text("description");
    public static readonly Key<IReadOnlyList<YamlScalar>> Examples = TextList("examples");
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

    public static readonly Key<YamlMapping?> Queue = Mapping("queue");

    public static readonly KeyTable Table = new([
        Protocol, Restful, Port, Host, Title, Description, Examples, Cors, NoDebugEndpoints, NoCrudEndpoints, ShowStacks,
        ExposeEndpoints, Compat, CompatModel, Prefetch, MaxConnections, Compression, DocArrayVersion, Strict, Capacity, TimeoutSend,
        MaxRequestSize, Memory, TimeoutStop, Queue,
        LaterFlag("tls", "TLS by this key ('ssl_certfile' and 'ssl_keyfile' switch it on)"),
        .. Later("metadata of gRPC for every executor; write it at the entry", "grpc_metadata"),
        .. Refused(OwnGateway, "uses", "uses_with", "uses_metas", "entrypoint", "docker_kwargs", "volumes", "gpus"),
        .. Warned("the gateway is always called 'gateway'", "name"),
        .. Warned("'retries' belongs to an executor", "retries"),
        .. Warned("one gateway serves all callers", "replicas"),
        .. Warned("the gateway waits for the executors, each of which has its own 'timeout_ready'", "timeout_ready"),
        WarnedFlag("proxy", "FlowKit's own connections use no proxy"),
        WarnedFlag("floating", "a gateway answers, so that somebody waits for it"),
        WarnedFlag("reload", "a gateway follows its flow, whose 'reload' is at the top"),
        .. Warned("the gateway shares the flow's process; write it under 'with:'", "env"),
        new RefusedFlag(
            "expose_graphql_endpoint", "GraphQL is not served; post to the endpoint itself, or expose it with expose_endpoints"),
        .. Refused(
            "FlowKit makes it from the executors; remove this key",
            "graph_description",
            "graph_conditions",
            "deployments_addresses",
            "deployments_metadata",
            "deployments_no_reduce"),
        .. SecurityKeys.All, .. CommonKeys.All,
    ]);
}
