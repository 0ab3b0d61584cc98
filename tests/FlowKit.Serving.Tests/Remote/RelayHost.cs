using System.Collections.Concurrent;
using System.Net;
using FlowKit.Serving.Grpc;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Serving.Remote;

/// <summary>Stands where a Jina executor would: answers each message with the bytes that it is told, and keeps those that came.</summary>
internal sealed class RelayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RelayHost(Func<byte[], byte[]> answer, string[] endpoints)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, GrpcPort.Listen));
        _app = builder.Build();
        Endpoints = endpoints;
        var server = new GrpcServer(new GrpcServerOptions(), NullLogger<GrpcServer>.Instance);
        server.AddUnary(Process, (request, _) =>
        {
            Came.Enqueue(request.ToArray());
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(answer(request.ToArray()));
        });
        server.AddUnary(JinaMethods.EndpointDiscovery, (_, _) =>
        {
            Asked++;
            var reply = new EndpointsProto();
            reply.Endpoints.Add(Endpoints);
            return ValueTask.FromResult(reply);
        });
        GrpcPort.Use(_app, server);
    }

    /// <summary>Jina's unary call, in bytes.</summary>
    public static GrpcMethod<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Process { get; } = new("jina.JinaSingleDataRequestRPC", "process_single_data", BytesMarshaller.Instance, BytesMarshaller.Instance);

    public ConcurrentQueue<byte[]> Came { get; } = new();

    public string[] Endpoints { get; set; }

    /// <summary>How often it was asked for its endpoints.</summary>
    public int Asked { get; private set; }

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<RelayHost> StartAsync(Func<byte[], byte[]>? answer = null, params string[] endpoints)
    {
        var host = new RelayHost(answer ?? (bytes => bytes), endpoints.Length > 0 ? endpoints : ["/default"]);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>Sends bytes as a client of Jina's would, and gives those of the reply.</summary>
    public static async Task<byte[]> AskAsync(GrpcChannel channel, byte[] message) => (await channel.UnaryAsync(Process, message)).Message.ToArray();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
