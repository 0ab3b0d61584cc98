using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime.Executors;
using FlowKit.Runtime.Executors.Loading;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>The services that a flow needs from the program that hosts it.</summary>
/// <param name="Catalog">The executors that <c>uses:</c> can name.</param>
/// <param name="Loggers">Where logs go.</param>
/// <param name="TimeProvider">Time.</param>
/// <param name="Workspace">The folder under which each executor gets its own.</param>
public sealed record FlowHost(ComponentCatalog Catalog, ILoggerFactory Loggers, TimeProvider TimeProvider, string Workspace)
{
    /// <summary>The program's services, which executors may ask for. Default: none but loggers and time.</summary>
    public IServiceProvider Services { get; init; } = NoServices.Instance;

    /// <summary>Reads the flow's configuration again, as it stands now; <see langword="null"/> where it comes from nowhere.</summary>
    internal Func<FlowConfig>? Reread { get; init; }

    /// <summary>Told as each executor becomes ready: how many are, of how many.</summary>
    public IProgress<(int Ready, int Total, string Name)>? Progress { get; init; }

    /// <summary>Told what a start works on; <see langword="null"/> when nobody asks.</summary>
    internal IStartWatcher? Watcher { get; init; }

    /// <summary>The place where executors can run besides this process. Default: nowhere.</summary>
    public IReadOnlyList<IExecutorLauncher> Launchers { get; init; } = [];

    /// <summary>
    /// The place where an executor runs, when that is not for this flow to say: a worker has the place that its gateway gave it.
    /// </summary>
    public Func<ExecutorContext, ExecutorContext> Place { get; init; } = context => context;

    /// <summary>Gives executors their devices. Default: the CPU, and an error for one that asks for a GPU.</summary>
    public IDevicePlanner Devices { get; init; } = new CpuPlanner();

    /// <summary>
    /// Calls up to this long are made by whoever brings the documents, since handing them over would cost more. Default 2 µs;
    /// <see cref="TimeSpan.Zero"/> for none, <see cref="TimeSpan.MaxValue"/> for all.
    /// </summary>
    public TimeSpan ShortCall { get; init; } = InlineExecutionPolicy.HandOffCost;

    /// <summary>The services that executors may be given.</summary>
    internal ExecutorServices ExecutorServices => new(Services, Loggers, TimeProvider);

    /// <summary>The workspace of one executor: <c>&lt;workspace&gt;/&lt;name&gt;/&lt;shard&gt;</c>, as in Jina.</summary>
    internal string WorkspaceOf(ExecutorConfig config, string baseDirectory, int shard) =>
        Path.Combine(
            config.Workspace is { } own ? Path.GetFullPath(own, baseDirectory) : Workspace,
            config.Name,
            shard.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
