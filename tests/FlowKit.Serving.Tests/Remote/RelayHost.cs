using System.Collections.Concurrent;
using System.Net;
using FlowKit.Serving.Grpc;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Grpc.Core;
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
        builder.Services.AddFlowGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, GrpcPort.Listen));
        _app = builder.Build();
        Endpoints = endpoints;
        GrpcPort.Use(_app);
        _app.MapMethods(new GrpcLimits(), binder =>
        {
            binder.AddUnary(Process, (request, _) =>
            {
                Came.Enqueue(request);
                return Task.FromResult(answer(request));
            });
            binder.AddUnary(JinaMethods.EndpointDiscovery, (_, _) =>
            {
                Asked++;
                var reply = new EndpointsProto();
                reply.Endpoints.Add(Endpoints);
                return Task.FromResult(reply);
            });
        });
    }

    /// <summary>Jina's unary call, in bytes.</summary>
    public static Method<byte[], byte[]> Process { get; } = BytesMethod.Of(MethodType.Unary, "jina.JinaSingleDataRequestRPC", "process_single_data");

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
    public static Task<byte[]> AskAsync(GrpcConnection connection, byte[] message) => connection.UnaryAsync(Process, message);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
