using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FlowKit.Wire.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Serving.Grpc;

/// <summary>Serves <c>packets.proto</c> with what all our gRPC methods have in common, on a free port.</summary>
internal sealed class PacketHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PacketHost(
        GrpcLimits options, X509Certificate2? certificate, ILoggerFactory loggers, Action<KestrelServerOptions>? configure, int number)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddFlowGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            GrpcPort.Limit(kestrel.Limits.Http2);
            configure?.Invoke(kestrel);
            kestrel.Listen(IPAddress.Loopback, number, port =>
            {
                GrpcPort.Listen(port);
                if (certificate is not null)
                {
                    port.UseHttps(certificate);
                }
            });
        });
        _app = builder.Build();
        GrpcPort.Use(_app);
        _app.MapMethods(options, Add);
    }

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>What became of the calls that waited.</summary>
    public ConcurrentQueue<string> Ended { get; } = new();

    public static async Task<PacketHost> StartAsync(
        GrpcLimits? options = null,
        X509Certificate2? certificate = null,
        ILoggerFactory? loggers = null,
        Action<KestrelServerOptions>? configure = null,
        int port = 0)
    {
        var host = new PacketHost(options ?? new GrpcLimits(), certificate, loggers ?? NullLoggerFactory.Instance, configure, port);
        await host._app.StartAsync();
        host.Address = new UriBuilder(host._app.Urls.Single()) { Host = "localhost" }.Uri;
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Add(GrpcMethodBinder binder)
    {
        binder.AddUnary(Packets.Echo, EchoAsync);
        binder.AddMethod(Packets.Split, SplitAsync);
        binder.AddMethod(Packets.Join, new ClientStreamingServerMethod<byte[], byte[]>(JoinAsync));
        binder.AddMethod(Packets.Chat, ChatAsync);
        binder.AddUnary(Packets.Wait, WaitAsync);
        binder.AddUnary(Packets.Fail, (request, _) => throw Failure(Encoding.UTF8.GetString(request)));
    }

    private static async Task<byte[]> EchoAsync(byte[] request, ServerCallContext call)
    {
        // The library joins the values of one name; the headers beneath have them one by one.
        var said = call.GetHttpContext().Request.Headers.Where(header => header.Key.StartsWith("x-", StringComparison.Ordinal))
            .SelectMany(header => header.Value.Select(value => (header.Key, value!)))
            .ToList();
        if (said.Count > 0)
        {
            await call.WriteResponseHeadersAsync(Named("h-", said));
        }

        foreach (var entry in Named("t-", said))
        {
            call.ResponseTrailers.Add(entry);
        }

        return request;
    }

    private static Metadata Named(string prefix, List<(string Name, string Value)> entries) =>
        CallMetadata.Of(entries.Select(entry => new KeyValuePair<string, string>(prefix + entry.Name, entry.Value)));

    private static async Task SplitAsync(byte[] request, IServerStreamWriter<byte[]> replies, ServerCallContext call)
    {
        foreach (var value in request)
        {
            await replies.WriteAsync([value]);
        }
    }

    private static async Task<byte[]> JoinAsync(IAsyncStreamReader<byte[]> requests, ServerCallContext call)
    {
        var all = new MemoryStream();
        await foreach (var packet in requests.ReadAllAsync(call.CancellationToken))
        {
            all.Write(packet);
        }

        return all.ToArray();
    }

    private static async Task ChatAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> replies, ServerCallContext call)
    {
        await foreach (var packet in requests.ReadAllAsync(call.CancellationToken))
        {
            await replies.WriteAsync(packet);
        }
    }

    /// <summary>Its headers say that it has begun to wait.</summary>
    private async Task<byte[]> WaitAsync(byte[] request, ServerCallContext call)
    {
        var name = Encoding.UTF8.GetString(request);
        if (name == "ended?")
        {
            return Encoding.UTF8.GetBytes(string.Join(',', Ended));
        }

        try
        {
            await call.WriteResponseHeadersAsync([]);
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return request;
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
            var details = new Metadata { { "grpc-status-details-bin", new byte[] { 8, 3 } } };
            return RpcErrors.Create(StatusCode.InvalidArgument, "with details", details);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return RpcErrors.Create((StatusCode)int.Parse(text[..colon], CultureInfo.InvariantCulture), text[(colon + 1)..]);
    }
}
