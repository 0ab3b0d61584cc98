using System.Net;
using System.Net.Sockets;
using FlowKit.Configuration.Gateway;
using FlowKit.Serving.Gateway.HalfClose;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Serving.Gateway.SharedPorts;
using FlowKit.Serving.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Serving.Gateway;

/// <summary>The ports that a configuration names, with what each speaks and how long it is patient.</summary>
internal static class Listeners
{
    /// <summary>Says where Kestrel listens.</summary>
    public static void Add(
        WebApplicationBuilder builder,
        GatewayConfig gateway,
        GatewayLimits limits,
        ServerCertificate? certificate,
        ConnectionLimit connections)
    {
        if (certificate is not null || gateway.Socket is not null || !gateway.Ports.Any(IsShared))
        {
            builder.WebHost.ConfigureKestrel(kestrel => Open(kestrel, gateway, limits, Listen));
            return;
        }

        var http2 = new HandedOverConnections();
        var sharing = new PortSharing(http2, limits.Headers);
        builder.Services.AddSingleton<IConnectionListenerFactory>(http2);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Open(kestrel, gateway, limits, ListenOrShare);
            kestrel.Listen(http2.EndPoint, port => port.Protocols = HttpProtocols.Http2);
        });

        void ListenOrShare(ListenOptions listener, GatewayPort port)
        {
            Listen(listener, port);
            if (IsShared(port))
            {
                sharing.Use(listener);
                HalfClosedConnection.Use(listener);
            }
        }

        void Listen(ListenOptions listener, GatewayPort port)
        {
            connections.Use(listener);
            if (!port.IsHttp)
            {
                GrpcPort.Listen(listener);
            }

            Tls.Use(listener, certificate);
            if (certificate is null && port is { IsHttp: true, IsGrpc: false })
            {
                HalfClosedConnection.Use(listener);
            }
        }
    }

    /// <summary>Starts listening.</summary>
    /// <returns>Where, in the order of the ports.</returns>
    /// <exception cref="FlowKitException">A port is in use or the address is not this machine's.</exception>
    public static async Task<IReadOnlyList<Uri>> StartAsync(WebApplication app, GatewayConfig gateway, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw CannotListen(gateway, exception);
        }

        if (gateway.Socket is { } socket)
        {
            return [new Uri($"unix://{socket}")];
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return [.. bound.Where(address => !HandedOverConnections.IsAddress(address)).Select(address => new Uri(address))];
    }

    /// <exception cref="FlowKitException">A port is in use or the address is not this machine's.</exception>
    public static void EnsureFree(GatewayConfig gateway)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        if (gateway.Socket is { } path)
        {
            EnsureFree(path);
            return;
        }

        foreach (var port in gateway.Ports)
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(AddressOf(gateway.Host), port.Port));
            }
            catch (SocketException exception)
            {
                throw CannotListen(gateway, exception);
            }
        }
    }

    /// <summary>In clear text; under TLS the client chooses when it connects.</summary>
    private static bool IsShared(GatewayPort port) => port is { IsHttp: true, IsGrpc: true };

    private static void Open(
        KestrelServerOptions kestrel, GatewayConfig gateway, GatewayLimits limits, Action<ListenOptions, GatewayPort> listen)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = gateway.MaxRequestBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.Headers;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(GatewayLimits.SlowestBody, limits.BodyGrace);
        GrpcPort.Limit(kestrel.Limits.Http2);
        if (gateway.Socket is { } socket)
        {
            kestrel.ListenUnixSocket(socket, listener => listen(listener, new GatewayPort(0, IsHttp: false, IsGrpc: true)));
            return;
        }

        foreach (var port in gateway.Ports)
        {
            if (gateway.Host == "localhost" && port.Port != 0)
            {
                kestrel.ListenLocalhost(port.Port, listener => listen(listener, port));
            }
            else
            {
                kestrel.Listen(AddressOf(gateway.Host), port.Port, listener => listen(listener, port));
            }
        }
    }

    /// <summary>A socket that nobody listens on any more is what a killed process left; it is taken away.</summary>
    private static void EnsureFree(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.Unavailable, $"The socket '{path}' cannot be used: {exception.Message}. Choose another path.", exception);
        }

        throw new FlowKitException(
            FlowErrorCode.Unavailable, $"Another process listens on the socket '{path}'. Stop it, or choose another path.");
    }

    /// <summary>Returns the address that <c>gateway.host</c> names.</summary>
    /// <exception cref="FlowKitException">It names none.</exception>
    public static IPAddress AddressOf(string host)
    {
        if (host == "localhost")
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(host, out var address)
            ? address
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"gateway.host: '{host}' is neither an IP address nor localhost.");
    }

    private static FlowKitException CannotListen(GatewayConfig gateway, Exception exception)
    {
        var ports = string.Join(" or ", gateway.Ports.Select(port => port.Port));
        return new FlowKitException(
            FlowErrorCode.Unavailable,
            $"The gateway cannot listen on {gateway.Host}:{ports}: {exception.GetBaseException().Message}. "
                + "Choose another with gateway.port or --port (0 takes a free one).",
            exception);
    }
}
