using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.HalfClose;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Http.Description;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Serving.Grpc;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway;

/// <summary>The flow's door: Kestrel with Jina's HTTP routes before a running flow.</summary>
public sealed class GatewayHost : IServingHost
{
    private readonly WebApplication _app;
    private readonly GatewayEndpoints _endpoints;
    private readonly AdminToken _token;
    private readonly IDisposable _marks;

    private GatewayHost(
        WebApplication app, GatewayEndpoints endpoints, AdminToken token, IReadOnlyList<Uri> addresses, GatewayConfig gateway)
    {
        (_app, _endpoints, _token, _marks) = (app, endpoints, token, CallMark.AddTo(addresses));
        token.Write(addresses);
        Address = addresses[0];
        Addresses = addresses;
        GrpcAddress = gateway.Ports.Zip(addresses).Where(pair => pair.First.IsGrpc).Select(pair => pair.Second).FirstOrDefault();
        HttpAddress = gateway.Ports.Zip(addresses).Where(pair => pair.First.IsHttp).Select(pair => pair.Second).FirstOrDefault();
    }

    /// <inheritdoc/>
    public Uri Address { get; }

    /// <summary>All addresses, in the order of the ports.</summary>
    internal IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The address for gRPC; <see langword="null"/> when it does not.</summary>
    public Uri? GrpcAddress { get; }

    /// <summary>The address for HTTP; <see langword="null"/> when it does not.</summary>
    public Uri? HttpAddress { get; }

    /// <summary>The services of the listening application, its endpoints among them.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Starts listening.</summary>
    /// <param name="flow">The running flow.</param>
    /// <param name="config">The flow's configuration; <c>gateway</c> says where to listen.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowKitException">The port is in use or the address is not this machine's.</exception>
    public static Task<GatewayHost> StartAsync(
        FlowRuntime flow, FlowConfig config, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(flow, config, loggers, [], cancellationToken);

    /// <summary>Starts listening, with further routes.</summary>
    /// <param name="flow">The running flow.</param>
    /// <param name="config">The flow's configuration; <c>gateway</c> says where to listen.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="routes">The routes.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowKitException">The port is in use or the address is not this machine's.</exception>
    public static Task<GatewayHost> StartAsync(
        FlowRuntime flow,
        FlowConfig config,
        ILoggerFactory loggers,
        IEnumerable<IGatewayRoutes> routes,
        CancellationToken cancellationToken) =>
        StartAsync(flow, config, loggers, new GatewayLimits(), routes, cancellationToken);

    internal static async Task<GatewayHost> StartAsync(
        FlowRuntime flow,
        FlowConfig config,
        ILoggerFactory loggers,
        GatewayLimits limits,
        IEnumerable<IGatewayRoutes> routes,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        var token = new AdminToken();
        var endpoints = new GatewayEndpoints(flow, config, limits, loggers);
        var app = Build(config, loggers, limits, endpoints, routes, token);
        return new GatewayHost(app, endpoints, token, await Listeners.StartAsync(app, config.Gateway, cancellationToken), config.Gateway);
    }

    /// <summary>Fails now if a port is taken, before minutes go into loading models.</summary>
    /// <param name="gateway">Where the gateway would listen.</param>
    /// <exception cref="FlowKitException">The port is in use or the address is not this machine's.</exception>
    public static void EnsureFree(GatewayConfig gateway) => Listeners.EnsureFree(gateway);

    /// <summary>Fails now if the certificate or the file of keys cannot be used, before minutes go into loading models.</summary>
    /// <param name="config">The flow's configuration.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <exception cref="FlowKitException">One of them cannot be used.</exception>
    public static void EnsureGuarded(FlowConfig config, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(config);
        _ = Tls.Open(config, TimeProvider.System, loggers);
        _ = new ApiKeys(config.Gateway.Security, config.BaseDirectory, TimeProvider.System, loggers.CreateLogger<ApiKeys>());
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _marks.Dispose();
        _token.Dispose();
        await _app.DisposeAsync();
        await _endpoints.DisposeAsync();
    }

    private static WebApplication Build(
        FlowConfig config,
        ILoggerFactory loggers,
        GatewayLimits limits,
        GatewayEndpoints endpoints,
        IEnumerable<IGatewayRoutes> routes,
        AdminToken token)
    {
        StrictHttp.Require();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "FlowKit" });
        builder.Services.AddSingleton<ILoggerFactory>(new StartLoggers(loggers));
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        var certificate = Tls.Open(config, limits.Time, loggers);
        var connections = new ConnectionLimit(config.Gateway, OpenFiles.Limit(), loggers, limits.Time);
        Listeners.Add(builder, config.Gateway, limits, certificate, connections);
        builder.Services.AddCors();
        builder.Services.Configure<GrpcServiceOptions>(options => options.IgnoreUnknownServices = true);
        GatewayEndpoints.AddServices(builder.Services, OpenApiDescription.DocumentName, _ => config);
        var app = builder.Build();
        var isGrpc = config.Gateway.Ports.Any(port => port.IsGrpc);
        if (config.Gateway.Cors)
        {
            app.UseCors(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod());
        }

        HalfClosedConnection.Use(app);
        CallMark.Use(app);
        HeadRequests.Use(app);
        app.UseRouting();
        endpoints.Use(app, KnownHosts.Of(config.Gateway, certificate), token);
        if (isGrpc)
        {
            GrpcPort.Use(app);
            GrpcPort.AnswerUnknown(app);
            endpoints.MapGrpc(app);
        }

        endpoints.Map(app.MapGroup("").WithMetadata(new DescribedIn(OpenApiDescription.DocumentName)), OpenApiDescription.DocumentName);
        foreach (var further in routes)
        {
            further.Map(app);
        }

        return app;
    }
}
