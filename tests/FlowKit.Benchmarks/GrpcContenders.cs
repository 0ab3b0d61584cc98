using System.Buffers;
using FlowKit.Benchmarks.Runtime;
using FlowKit.Serving.Gateway;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Proto;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Benchmarks;

/// <summary>R4: a flow of one no-op executor behind the gateway's gRPC port, and bare Kestrel over HTTP/2 that reads a body and sends the same bytes as the flow answers, in one process for a load generator outside.</summary>
internal static class GrpcContenders
{
    private const string Path = "/jina.JinaSingleDataRequestRPC/process_single_data";
    private const string Yaml = """
        jtype: Flow
        executors: [{name: e0, uses: NoOp}]
        gateway: {port: 0, protocol: grpc}
        """;

    /// <summary>Serves both until standard input ends.</summary>
    /// <param name="file">Where the request's bytes are written for the load generator.</param>
    public static async Task<int> ServeAsync(string file)
    {
        await using var flow = await RuntimeFlow.StartAsync(Yaml, typeof(NoOp));
        await using var gateway = await GatewayHost.StartAsync(flow.Runtime, flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        var request = Request();
        await File.WriteAllBytesAsync(file, Framed(request));
        await using var echo = await StartEchoAsync(Framed(await AnswerAsync(gateway.Address, request)));
        Console.WriteLine($"flow {new Uri(gateway.Address, Path)}");
        Console.WriteLine($"echo {new Uri(new Uri(echo.Urls.Single()), Path)}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static ReadOnlyMemory<byte> Request()
    {
        var message = new ArrayBufferWriter<byte>();
        DataRequestCodec.Write(new DataRequest { RequestId = new string('a', 32), ExecEndpoint = "/search", Documents = [new Document("1") { Text = "a text of a few words" }] }, message);
        return message.WrittenMemory;
    }

    /// <summary>What the flow answers; a status other than 0 throws.</summary>
    private static async Task<ReadOnlyMemory<byte>> AnswerAsync(Uri gateway, ReadOnlyMemory<byte> request)
    {
        var name = Path.Split('/');
        using var connection = new GrpcConnection(gateway);
        var bytes = Marshallers.Create(static message => message, static message => message);
        var reply = await connection.UnaryAsync(new Method<byte[], byte[]>(MethodType.Unary, name[1], name[2], bytes, bytes), request.ToArray());
        return DataRequestCodec.Read(reply).Status is null ? reply : throw new InvalidOperationException("The flow does not answer well.");
    }

    private static byte[] Framed(ReadOnlyMemory<byte> message) => [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message.Span];

    private static async Task<WebApplication> StartEchoAsync(byte[] answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(async context =>
        {
            var body = new byte[4096];
            while (await context.Request.Body.ReadAsync(body) > 0)
            {
            }

            context.Response.ContentType = GrpcHeaders.ContentType;
            await context.Response.BodyWriter.WriteAsync(answer);
        });
        await app.StartAsync();
        return app;
    }
}
