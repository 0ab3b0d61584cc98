using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Schema;

/// <summary>
/// Keys of Jina's that flows, gateways and executors have in common and that change nothing here: each is read past, with a warning where
/// it says more than Jina's default.
/// </summary>
internal static class CommonKeys
{
    private const string Logs = "'--log-level' and appsettings.json say what is logged";
    private const string Metrics = "the gateway has all metrics at /metrics, on its own port";
    private const string Exports = "OTEL_EXPORTER_OTLP_ENDPOINT says where metrics and traces go";

    /// <summary>Those that measure.</summary>
    public static readonly IReadOnlyList<Key> Measuring =
    [
        WarnedFlag("monitoring", Metrics),
        WarnedFlag("tracing", Exports),
        WarnedFlag("metrics", Exports),
        .. Warned(Metrics, "port_monitoring"),
        .. Warned(
            Exports,
            "traces_exporter_host",
            "traces_exporter_port",
            "metrics_exporter_host",
            "metrics_exporter_port"),
    ];

    public static readonly IReadOnlyList<Key> All =
    [
        .. Measuring,
        .. Warned(Logs, "log_config"),
        WarnedFlag("quiet", Logs),
        WarnedFlag("quiet_error", Logs),
        WarnedFlag("suppress_root_logging", Logs),
        .. Warned("FlowKit has one runtime for each place that 'runtime' names", "runtime_cls"),
        .. Warned("a workspace is its folder, which 'workspace' names", "workspace_id"),
        .. Warned(Python, "py_modules", "extra_search_paths"),
        .. Warned(JinaCloud, "jcloud"),
        .. Warned("uvicorn is Python's server and is not used here", "uvicorn_kwargs"),
        .. Warned("FlowKit sets its connections itself", "grpc_server_options", "grpc_channel_options"),
        .. Warned("secrets of Kubernetes are its own matter; '${{ ENV.X }}' reads a variable", "env_from_secret", "image_pull_secrets"),
        .. Warned("nothing is uploaded: JinaD's remote pods are not used here", "upload_files"),
        .. Refused(JinaOne, "read_only", "show_exc_info", "separated_workspace", "uses_internal", "logserver", "callback_on"),
    ];
}
