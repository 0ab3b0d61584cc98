using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FlowKit.Wire.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Grpc;

/// <summary>Serves <c>packets.proto</c> with our own layer on a free port.</summary>
internal sealed class PacketHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PacketHost(GrpcServerOptions options, X509Certificate2? certificate, ILoggerFactory loggers, Action<KestrelServerOptions>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            GrpcPort.Limit(kestrel.Limits.Http2);
            configure?.Invoke(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0, port =>
            {
                GrpcPort.Listen(port);
                if (certificate is not null)
                {
                    port.UseHttps(certificate);
                }
            });
        });
        _app = builder.Build();
        GrpcPort.Use(_app, Server(options, loggers));
    }

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>What became of the calls that waited.</summary>
    public ConcurrentQueue<string> Ended { get; } = new();

    public static async Task<PacketHost> StartAsync(GrpcServerOptions? options = null, X509Certificate2? certificate = null, ILoggerFactory? loggers = null, Action<KestrelServerOptions>? configure = null)
    {
        var host = new PacketHost(options ?? new GrpcServerOptions(), certificate, loggers ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, configure);
        await host._app.StartAsync();
        host.Address = new UriBuilder(host._app.Urls.Single()) { Host = "localhost" }.Uri;
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private GrpcServer Server(GrpcServerOptions options, ILoggerFactory loggers)
    {
        var server = new GrpcServer(options, loggers.CreateLogger<GrpcServer>());
        server.AddUnary(Packets.Echo, EchoAsync);
        server.Add(Packets.Split, SplitAsync);
        server.Add(Packets.Join, JoinAsync);
        server.Add(Packets.Chat, ChatAsync);
        server.Add(Packets.Wait, WaitAsync);
        server.AddUnary(Packets.Fail, (request, _) => throw Failure(Encoding.UTF8.GetString(request)));
        return server;
    }

    private static ValueTask<byte[]> EchoAsync(byte[] request, GrpcServerCall call)
    {
        foreach (var (name, value) in call.Metadata.Entries.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            call.ResponseHeaders.Add("h-" + name, value);
            call.Trailers.Add("t-" + name, value);
        }

        return new(request);
    }

    private static async Task SplitAsync(GrpcServerCall<byte[], byte[]> call)
    {
        foreach (var value in await call.ReadSingleAsync())
        {
            await call.WriteAsync([value]);
        }
    }

    private static async Task JoinAsync(GrpcServerCall<byte[], byte[]> call)
    {
        call.AllowSilence();
        var all = new MemoryStream();
        await foreach (var packet in call.ReadAllAsync(call.CancellationToken))
        {
            all.Write(packet);
        }

        call.Answer(all.ToArray());
    }

    private static async Task ChatAsync(GrpcServerCall<byte[], byte[]> call)
    {
        call.AllowSilence();
        await foreach (var packet in call.ReadAllAsync(call.CancellationToken))
        {
            await call.WriteAsync(packet);
        }
    }

    /// <summary>Its headers say that it has begun to wait.</summary>
    private async Task WaitAsync(GrpcServerCall<byte[], byte[]> call)
    {
        var name = Encoding.UTF8.GetString(await call.ReadSingleAsync());
        if (name == "ended?")
        {
            call.Answer(Encoding.UTF8.GetBytes(string.Join(',', Ended)));
            return;
        }

        try
        {
            await call.BeginAsync();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }
        finally
        {
            Ended.Enqueue(name);
        }
    }

    private static Exception Failure(string text)
    {
        if (text == "unforeseen")
        {
            return new InvalidOperationException("secret");
        }

        if (text == "details")
        {
            return new GrpcException(new GrpcStatus(GrpcStatusCode.InvalidArgument, "with details") { Details = new byte[] { 8, 3 } });
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new GrpcException((GrpcStatusCode)int.Parse(text[..colon], CultureInfo.InvariantCulture), text[(colon + 1)..]);
    }
}
