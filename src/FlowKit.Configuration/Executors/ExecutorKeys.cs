using System.Text.RegularExpressions;
using FlowKit.Configuration.Autoscaling;
using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Conditions;
using FlowKit.Configuration.Launching;
using FlowKit.Configuration.Remote;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Executors;

/// <summary>The keys of an entry of <c>executors:</c>.</summary>
internal static partial class ExecutorKeys
{
    private static readonly ExecutorConfig s_defaults = ExecutorConfig.Defaults;

    public static readonly Key<YamlNode?> Name = Any("name");
    public static readonly Key<YamlNode?> Uses = Any("uses");
    public static readonly Key<YamlMapping?> UsesWith = Mapping("uses_with", "override_with");
    public static readonly Key<YamlMapping?> UsesMetas = Mapping("uses_metas", "override_metas", "override_meta");
    public static readonly Key<IReadOnlyDictionary<string, string>> UsesRequests = TextMap("uses_requests");
    public static readonly Key<IReadOnlyList<YamlScalar>> Needs = TextList("needs");
    public static readonly Key<string> Method = new("method", new ChoiceParser("add", "needs", "inspect"), "add");
    public static readonly Key<int> Replicas = Whole("replicas", 1, ExecutorConfig.MaxReplicas, s_defaults.Replicas);
    public static readonly Key<AutoscaleConfig?> Autoscale = new("autoscale", new AutoscaleParser()!, null);
    public static readonly Key<int> Shards = Whole("shards", 1, ExecutorConfig.MaxReplicas, s_defaults.Shards, "parallel");
    public static readonly Key<PollingConfig> Polling = new("polling", new PollingParser(), s_defaults.Polling);
    public static readonly Key<bool> FailOnShardError = Flag("fail_on_shard_error");
    public static readonly Key<bool> FailOnDocumentError = Flag("fail_on_document_error");
    public static readonly Key<YamlScalar?> UsesBefore = Declare.Uses("uses_before");
    public static readonly Key<YamlScalar?> UsesAfter = Declare.Uses("uses_after");
    public static readonly Key<IReadOnlyDictionary<string, BatchingConfig>> DynamicBatching = BatchingMap(
        "uses_dynamic_batching", "dynamic_batching");
    public static readonly Key<DocumentCondition?> When = new("when", new ConditionParser()!, null);
    public static readonly Key<bool> Floating = Flag("floating");
    public static readonly Key<bool> NoReduce = Flag("no_reduce", absent: false, "disable_reduce");
    public static readonly Key<int> Capacity = Whole("capacity", 1, 1_000_000, s_defaults.Capacity);
    public static readonly Key<long> CapacityBytes = new("capacity_bytes", new SizeParser(), 0);
    public static readonly Key<TimeSpan> TimeoutExecutor = Duration("timeout_executor", Timeout.InfiniteTimeSpan);
    public static readonly Key<int> Retries = Whole("retries", -1, 1000, s_defaults.Retries);
    public static readonly Key<int> FailureThreshold = Whole("failure_threshold", 1, 1000, s_defaults.FailureThreshold);
    public static readonly Key<IReadOnlyList<string>> ExitOnExceptions = new(
        "exit_on_exceptions", new NameListParser(), s_defaults.ExitOnExceptions);
    public static readonly Key<bool> Reload = Flag("reload");
    public static readonly Key<string?> Gpus = new("gpus", new PatternParser("all, how many, or device=…", GpusForm())!, null);
    public static readonly Key<string?> Fallback = new("fallback", new ChoiceParser("cpu")!, null);
    public static readonly Key<TimeSpan> TimeoutReady = Duration("timeout_ready", s_defaults.TimeoutReady);
    public static readonly Key<string> Device = new("device", new PatternParser("cpu, cuda or cuda:N", DeviceForm()), s_defaults.Device);
    public static readonly Key<string?> Workspace = FilePath("workspace");
    public static readonly Key<IReadOnlyDictionary<string, string>> Env = TextMap("env");
    public static readonly Key<string?> Description = Text("description");

    /// <summary>Those that <c>with:</c> sets for every executor.</summary>
    public static readonly IReadOnlyList<Key> Inherited =
    [
        Replicas, Shards, Polling, FailOnShardError, FailOnDocumentError, UsesBefore, UsesAfter, DynamicBatching, When, Floating, NoReduce,
        CapacityBytes, TimeoutReady, TimeoutExecutor, Retries, FailureThreshold, ExitOnExceptions, Device, Gpus, Fallback,
    ];

    /// <summary>Jina's other keys.</summary>
    public static readonly IReadOnlyList<Key> Others =
    [
        LaterDuration("timeout_send", "a limit for one executor by this key; write timeout_executor", -1),
        LaterFlag("stateful", "replicated state"),
        LaterChoice("provider", "hosting by a provider", "none", "sagemaker"),
        LaterText("output_array_type", "conversion of arrays"),
        .. Later("executors elsewhere by these keys", "uses_before_address", "uses_after_address", "connection_list"),
        .. Later("replicated state", "peer_ports", "raft_configuration"),
        .. Later("Jina 2's strategies of failing", "on_error_strategy", "memory_hwm"),
        .. Later("deployments inside deployments", "jtype", "with"),
        .. Warned("requests go to the replica that is free", "scheduling"),
        .. Warned("executors inside FlowKit are not asked by messages of control", "timeout_ctrl"),
        .. Warned("an executor has no HTTP server of its own; 'cors' belongs under 'gateway:'", "cors"),
        WarnedFlag("allow_concurrent", "as in Jina 3.23, a replica has one call at a time; 'replicas' gives more"),
        WarnedFlag("noblock_on_start", "executors load side by side anyway"),
        .. Warned("'description' tells people what an executor is", "title"),
        .. Warned("FlowKit gives each executor its part in the graph", "deployment_role"),
        .. Warned("executors inside FlowKit have no ports", "port_in", "port_out", "host_in", "host_out"),
        .. Warned("as in Jina 3 it belongs under 'uses', or is written uses_metas", "metas"),
        .. Warned(Python, "install_requirements", "force_update", "runtime_backend"),
        .. LaunchKeys.All, .. RemoteKeys.All, .. CommonKeys.All,
    ];

    public static readonly KeyTable Table = new([
        Name, Uses, UsesWith, UsesMetas, UsesRequests, Needs, Method, Autoscale, Capacity, Workspace, Env, Description, Reload,
        .. Inherited, .. Others,
    ]);

    [GeneratedRegex(@"\A(cpu|cuda(:[0-9]{1,2})?)\z")]
    private static partial Regex DeviceForm();

    [GeneratedRegex(@"\A(all|[0-9]{1,3}|(device|driver|capabilities|count)=[^,=\s]+(,[^,\s]+)*)\z")]
    private static partial Regex GpusForm();
}
