using System.Text.RegularExpressions;
using static FlowKit.Configuration.Declare;

namespace FlowKit.Configuration;

/// <summary>The keys of an entry of <c>executors:</c>.</summary>
internal static partial class ExecutorKeys
{
    public static readonly Key<YamlNode?> Name = Any("name");
    public static readonly Key<YamlNode?> Uses = Any("uses");
    public static readonly Key<YamlMapping?> UsesWith = Mapping("uses_with");
    public static readonly Key<YamlMapping?> UsesMetas = Mapping("uses_metas");
    public static readonly Key<IReadOnlyDictionary<string, string>> UsesRequests = TextMap("uses_requests");
    public static readonly Key<IReadOnlyList<YamlScalar>> Needs = TextList("needs");
    public static readonly Key<string> Method = new("method", new ChoiceKind("add", "needs", "inspect"), "add");
    public static readonly Key<int> Replicas = Whole("replicas", 1, 1024, 1);
    public static readonly Key<int> Capacity = Whole("capacity", 1, 1_000_000, 64);
    public static readonly Key<TimeSpan> TimeoutReady = Duration("timeout_ready", TimeSpan.FromSeconds(600));
    public static readonly Key<string> Device = new("device", new PatternKind("cpu, cuda or cuda:N", DeviceForm()), "cpu");
    public static readonly Key<string?> Workspace = Text("workspace");
    public static readonly Key<IReadOnlyDictionary<string, string>> Env = TextMap("env");
    public static readonly Key<string?> Description = Text("description");

    /// <summary>Those that <c>with:</c> sets for every executor.</summary>
    public static readonly IReadOnlyList<Key> Inherited = [Replicas, TimeoutReady, Device];

    /// <summary>Jina's other keys.</summary>
    public static readonly IReadOnlyList<Key> Others =
    [
        LaterWhole("shards", "sharding", 1, 1024, 1),
        LaterWhole("parallel", "sharding", 1, 1024, 1),
        LaterChoice("scheduling", "other ways of scheduling", "load_balance", "round_robin"),
        LaterWhole("retries", "retries", -1, 1000, -1),
        LaterDuration("timeout_ctrl", "timeout_ctrl", 60),
        LaterDuration("timeout_send", "a limit for one executor (gateway.timeout_send limits the request)", -1),
        LaterFlag("floating", "floating nodes"),
        LaterFlag("external", "executors elsewhere"),
        LaterFlag("tls", "TLS"),
        LaterFlag("cors", "executors with their own HTTP server"),
        LaterFlag("no_reduce", "joins without reduction"),
        LaterFlag("disable_reduce", "joins without reduction"),
        LaterFlag("stateful", "replicated state"),
        LaterFlag("allow_concurrent", "concurrent calls of one replica"),
        LaterFlag("native", "executors in processes of their own"),
        LaterFlag("noblock_on_start", "start without waiting"),
        LaterFlag("disable_auto_volume", "containers"),
        LaterText("host", "executors elsewhere", "0.0.0.0"),
        LaterText("title", "titles of executors"),
        LaterChoice("compression", "compression of gRPC calls", "nocompression", "deflate", "gzip"),
        LaterChoice("force_network_mode", "containers", "auto", "host", "bridge", "none"),
        LaterChoice("provider", "hosting by a provider", "none", "sagemaker"),
        LaterText("output_array_type", "conversion of arrays"),
        new LaterKey<YamlNode>("polling", new AnyKind(), "polling of shards", node => AnyKind.IsEmpty(node) || IsAny(node), "ANY"),
        new LaterKey<YamlNode>("protocol", new AnyKind(), "executors elsewhere", AnyKind.IsEmpty, null),
        .. Later("conditions (when)", "when"),
        .. Later("executors before and after shards", "uses_before", "uses_after", "uses_before_address", "uses_after_address"),
        .. Later("dynamic batching by key; put [DynamicBatching] on the method", "uses_dynamic_batching", "dynamic_batching"),
        .. Later("executors elsewhere", "port", "ports", "grpc_metadata", "grpc_server_options", "grpc_channel_options", "connection_list", "port_in", "port_out", "host_in", "host_out"),
        .. Later("TLS", "ssl_certfile", "ssl_keyfile"),
        .. Later("replicated state", "peer_ports", "raft_configuration"),
        .. Later("containers", "entrypoint", "docker_kwargs", "volumes", "gpus", "env_from_secret", "image_pull_secrets", "prefer_platform", "pull_latest"),
        .. Later("ends by exception", "exit_on_exceptions", "on_error_strategy", "memory_hwm"),
        .. Later("deployments inside the list", "jtype", "with", "deployment_role"),
        .. Later("overrides by 2.0's names; write uses_with and uses_metas", "override_with", "override_metas"),
        .. Refused("uvicorn is Python's server and is not used here; remove this key", "uvicorn_kwargs"),
        .. Refused(Python, "py_modules", "extra_search_paths", "install_requirements", "force_update", "runtime_backend"),
        .. CommonKeys.All,
    ];

    public static readonly KeyTable Table = new([
        Name, Uses, UsesWith, UsesMetas, UsesRequests, Needs, Method, Replicas, Capacity, TimeoutReady, Device, Workspace, Env, Description, .. Others,
    ]);

    private static bool IsAny(YamlNode node) => node is YamlScalar scalar && scalar.Value.Equals("any", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A(cpu|cuda(:[0-9]{1,2})?)\z")]
    private static partial Regex DeviceForm();
}
