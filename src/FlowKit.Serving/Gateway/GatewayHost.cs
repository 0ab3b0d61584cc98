using System.Net;
using System.Net.Sockets;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Dashboard;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Http.Description;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Serving.Gateway.WebSocket;
using FlowKit.Serving.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway;

/// <summary>The flow's door: Kestrel with Jina's HTTP routes before a running flow.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayHost(WebApplication app, IReadOnlyList<Uri> addresses, GatewayConfig gateway)
    {
        _app = app;
        Address = addresses[0];
        GrpcAddress = gateway.Ports.Zip(addresses).Where(pair => pair.First.IsGrpc).Select(pair => pair.Second).FirstOrDefault();
        HttpAddress = gateway.Ports.Zip(addresses).Where(pair => pair.First.IsHttp).Select(pair => pair.Second).FirstOrDefault();
    }

    /// <summary>Where it listens first.</summary>
    public Uri Address { get; }

    /// <summary>Where it speaks gRPC; <see langword="null"/> when it does not.</summary>
    public Uri? GrpcAddress { get; }

    /// <summary>Where it speaks HTTP; <see langword="null"/> when it does not.</summary>
    public Uri? HttpAddress { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="flow">The running flow.</param>
    /// <param name="config">The flow's configuration; <c>gateway</c> says where to listen.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowKitException">The port is in use or the address is not this machine's.</exception>
    public static Task<GatewayHost> StartAsync(FlowRuntime flow, FlowConfig config, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(flow, config, loggers, new GatewayLimits(), null, cancellationToken);

    /// <summary>Starts listening, with an API description made from the executors' own types.</summary>
    /// <param name="flow">The running flow.</param>
    /// <param name="config">The flow's configuration; <c>gateway</c> says where to listen.</param>
    /// <param name="catalog">The executors that the flow names.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="FlowKitException">The port is in use or the address is not this machine's.</exception>
    public static Task<GatewayHost> StartAsync(FlowRuntime flow, FlowConfig config, ComponentCatalog catalog, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(flow, config, loggers, new GatewayLimits(), catalog, cancellationToken);

    internal static async Task<GatewayHost> StartAsync(FlowRuntime flow, FlowConfig config, ILoggerFactory loggers, GatewayLimits limits, ComponentCatalog? catalog, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        var app = Build(flow, config, loggers, limits, catalog);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw CannotListen(config.Gateway, exception);
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new GatewayHost(app, [.. bound.Select(address => new Uri(address))], config.Gateway);
    }

    /// <summary>Fails now if the port is taken, before minutes go into loading models.</summary>
    /// <param name="gateway">Where the gateway would listen.</param>
    /// <exception cref="FlowKitException">The port is in use or the address is not this machine's.</exception>
    public static void EnsureFree(GatewayConfig gateway)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        foreach (var port in gateway.Ports)
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(AddressOf(gateway), port.Port));
            }
            catch (SocketException exception)
            {
                throw CannotListen(gateway, exception);
            }
        }
    }

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

    /// <summary>Stops accepting and waits for answers under way.</summary>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(FlowRuntime flow, FlowConfig config, ILoggerFactory loggers, GatewayLimits limits, ComponentCatalog? catalog)
    {
        StrictHttp.Require();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "FlowKit" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        var certificate = Tls.Open(config, limits.Time, loggers);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, config.Gateway, limits, certificate));
        builder.Services.Configure<FormOptions>(form => LimitForms(form, config.Gateway));
        builder.Services.AddCors();
        BodyCompression.Add(builder.Services);
        OpenApiDescription.Add(builder.Services, config);
        var app = builder.Build();
        if (config.Gateway.Cors)
        {
            app.UseCors(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod());
        }

        app.UseWebSockets();
        app.UseMiddleware<HttpErrors>();
        ApiKeyGuard.Use(app, config, limits.Time, loggers);
        GrpcGateway.Use(app, flow, config.Gateway, loggers);
        BodyCompression.Use(app);
        SocketGateway.Use(app, flow, config.Gateway, limits);
        app.UseRouting();
        var gateway = new HttpGateway(flow, config.Gateway, loggers.CreateLogger<HttpGateway>());
        HttpRoutes.Map(app, gateway, new AdminGateway(flow), config.Gateway);
        DashboardRoutes.Map(app, new FlowDescription(config, catalog, app.Services));
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, GatewayConfig gateway, GatewayLimits limits, ServerCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = gateway.MaxRequestBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.Headers;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(GatewayLimits.SlowestBody, limits.BodyGrace);
        GrpcPort.Limit(kestrel.Limits.Http2);
        foreach (var port in gateway.Ports)
        {
            if (gateway.Host == "localhost" && port.Port != 0)
            {
                kestrel.ListenLocalhost(port.Port, listener => Open(listener, port, certificate));
            }
            else
            {
                kestrel.Listen(AddressOf(gateway), port.Port, listener => Open(listener, port, certificate));
            }
        }
    }

    private static void Open(ListenOptions listener, GatewayPort port, ServerCertificate? certificate)
    {
        if (!port.IsHttp)
        {
            GrpcPort.Listen(listener);
        }

        Tls.Use(listener, certificate);
    }

    private static IPAddress AddressOf(GatewayConfig gateway) =>
        gateway.Host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(gateway.Host, out var address) ? address
        : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"gateway.host: '{gateway.Host}' is neither an IP address nor localhost.");

    private static FlowKitException CannotListen(GatewayConfig gateway, Exception exception) => new(
        FlowErrorCode.Unavailable,
        $"The gateway cannot listen on {gateway.Host}:{string.Join(" or ", gateway.Ports.Select(port => port.Port))}: {exception.GetBaseException().Message}. Choose another with gateway.port or --port (0 takes a free one).",
        exception);

    private static void LimitForms(FormOptions form, GatewayConfig gateway)
    {
        form.MultipartBodyLengthLimit = gateway.MaxRequestBytes;
        form.ValueLengthLimit = (int)Math.Min(gateway.MaxRequestBytes, int.MaxValue);
        form.ValueCountLimit = 10_000;
        form.MemoryBufferThreshold = 1 << 20;
    }
}
