using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Orchestration.Devices;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Orchestration.Launching.Processes;
using FlowKit.Runtime;
using FlowKit.Serving;
using FlowKit.Serving.Gateway;
using FlowKit.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowKit.Hosting.Services;

/// <summary>A flow that a host knows: its name and where it comes from. It is read once, by whatever asks first.</summary>
/// <param name="name">Its name; empty for the only one.</param>
/// <param name="read">Reads it.</param>
/// <param name="types">The executor classes that the program itself adds.</param>
internal sealed class FlowRegistration(string name, Func<FlowHostOptions, FlowConfig> read, Func<IReadOnlyList<Type>> types)
{
    private readonly Lock _lock = new();
    private FlowConfig? _config;
    private ComponentCatalog? _catalog;

    public string Name => name;

    /// <summary>The name of the flow's OpenAPI document.</summary>
    public string DocumentName => name.Length == 0 ? "flowkit" : $"flowkit-{name}";

    /// <summary>Opens what listens before the flow, where it is to. Default: the gateway.</summary>
    public Func<Flow, IServiceProvider, CancellationToken, Task<IServingHost>>? Open { get; init; }

    /// <summary>Tells whether a gateway listens before the flow, and not an executor's own services.</summary>
    public bool HasGateway => Open is null;

    /// <summary>Sets what the flow is given. Default: nothing more.</summary>
    public Func<FlowHost, FlowHost> Configure { get; init; } = host => host;

    /// <summary>Opens what listens before the flow.</summary>
    public async Task<IServingHost> OpenAsync(Flow flow, IServiceProvider services, CancellationToken cancellationToken) => Open is { } open
        ? await open(flow, services, cancellationToken)
        : await GatewayHost.StartAsync(
            flow.Runtime,
            flow.Config,
            services.GetRequiredService<ILoggerFactory>(),
            services.GetServices<IGatewayRoutes>(),
            cancellationToken);

    /// <summary>Returns the flow as it was read first.</summary>
    /// <exception cref="FlowConfigException">It is not valid.</exception>
    public FlowConfig Config(IServiceProvider services)
    {
        lock (_lock)
        {
            return _config ??= Read(services);
        }
    }

    /// <summary>Returns the executors that the flow can name.</summary>
    public ComponentCatalog Catalog(IServiceProvider services)
    {
        lock (_lock)
        {
            return _catalog ??= Options(services).Catalog ?? ComponentCatalog.ScanApplication(types()).With(ExecutorSources.Default);
        }
    }

    /// <summary>Makes the flow; it is not started.</summary>
    public Flow Create(IServiceProvider services)
    {
        var (config, options) = (Config(services), Options(services));
        var folder = Path.GetFullPath(options.Workspace ?? Path.Combine(config.BaseDirectory, config.Workspace ?? ".flowkit"));
        var host = new FlowHost(
            Catalog(services), services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<TimeProvider>(), folder)
        {
            Services = services,
            Devices = new GpuPlanner(),
            Launchers = [new ProcessLauncher(), new ContainerLauncher(config.Name, SecretFiles(config)) { Pulling = PullingOf(options) }],
        };
        return new Flow(name, config, () => Read(services), Configure(host), options);
    }

    private static Action<string, int, int>? PullingOf(FlowHostOptions options) => options.Progress is { } progress
        ? (image, done, total) => progress.Report(new FlowStartProgress(FlowStartStep.Pulling, done, total) { Name = image })
        : null;

    private static string[] SecretFiles(FlowConfig config) =>
    [
        .. new[] { config.Gateway.Security.KeyFile, config.Gateway.Security.ApiKeysFile, ".env" }
            .OfType<string>().Select(path => Path.GetFullPath(path, config.BaseDirectory)),
    ];

    private FlowConfig Read(IServiceProvider services) => read(Options(services));

    private FlowHostOptions Options(IServiceProvider services) => services.GetRequiredService<IOptionsMonitor<FlowHostOptions>>().Get(name);
}
