using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Schema;

/// <summary>Keys that flows, gateways and executors have in common, none of which does anything yet.</summary>
internal static class CommonKeys
{
    public static readonly IReadOnlyList<Key> All =
    [
        LaterText("log_config", "log configuration by key", "default"),
        LaterFlag("quiet", "quiet parts"),
        LaterFlag("quiet_error", "quiet errors"),
        LaterFlag("suppress_root_logging", "suppressed logging"),
        LaterFlag("monitoring", "monitoring"),
        LaterFlag("tracing", "tracing"),
        LaterFlag("metrics", "metrics"),
        LaterText("runtime_cls", "other runtimes"),
        .. Later("monitoring", "port_monitoring"),
        .. Later("tracing", "traces_exporter_host", "traces_exporter_port"),
        .. Later("metrics", "metrics_exporter_host", "metrics_exporter_port"),
        .. Later("a fixed workspace id", "workspace_id"),
    ];
}
