using FlowKit.Configuration.Monitoring;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Schema;

/// <summary>
/// Keys of Jina's that flows, gateways and executors have in common: those that measure, and those that change nothing here, which are
/// read past with a warning where they say more than Jina's default.
/// </summary>
internal static class CommonKeys
{
    private const string Logs = "'--log-level' and appsettings.json say what is logged";

    public static readonly IReadOnlyList<Key> All =
    [
        .. MonitoringKeys.All,
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
