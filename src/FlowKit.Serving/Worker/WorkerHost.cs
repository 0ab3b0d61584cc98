using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Serving.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Worker;

/// <summary>An executor, served over gRPC to a gateway elsewhere: FlowKit's (<c>external: true</c>) or Jina's.</summary>
public sealed class WorkerHost : IServingHost
{
    private readonly WebApplication _app;

    private WorkerHost(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <inheritdoc/>
    public Uri Address { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="flow">A running flow of one executor.</param>
    /// <param name="config">Its configuration; <c>gateway</c> says where to listen.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowKitException">The port is in use or the address is not this machine's.</exception>
    public static Task<WorkerHost> StartAsync(
        FlowRuntime flow, FlowConfig config, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(flow, config, loggers, metrics: null, cancellationToken);

    /// <inheritdoc cref="StartAsync(FlowRuntime, FlowConfig, ILoggerFactory, CancellationToken)"/>
    /// <param name="flow">A running flow of one executor.</param>
    /// <param name="config">Its configuration; <c>gateway</c> says where to listen.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="metrics">Reads what the worker measures itself, for its gateway.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    internal static async Task<WorkerHost> StartAsync(
        FlowRuntime flow, FlowConfig config, ILoggerFactory loggers, ReadMetrics? metrics, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        StrictHttp.Require();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "FlowKit" });
        builder.Services.AddSingleton<ILoggerFactory>(new StartLoggers(loggers));
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddFlowGrpc();
        var limits = new GatewayLimits();
        var certificate = Tls.Open(config, limits.Time, loggers);
        var connections = new ConnectionLimit(config.Gateway, OpenFiles.Limit(), loggers, limits.Time);
        Listeners.Add(builder, config.Gateway, limits, certificate, connections);
        var app = builder.Build();
        ApiKeyGuard.Use(app, config, limits.Time, loggers, token: null);
        GrpcPort.Use(app);
        ShardGuard.Use(app, config.Executors[0]);
        app.UseRouting();
        app.MapWorkerGrpc(flow, config, metrics);
        return new WorkerHost(app, (await Listeners.StartAsync(app, config.Gateway, cancellationToken))[0]);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
