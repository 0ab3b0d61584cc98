using System.Net;
using FlowKit.Serving.Grpc;
using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>Flows in a program that is not FlowKit's own, beside gRPC services that are not FlowKit's either.</summary>
public sealed class MappedGrpcTests
{
    private static readonly Method<byte[], byte[]> s_own = BytesMethod.Of(MethodType.Unary, "program.Own", "Reverse");
    private static readonly Method<JinaMessage, JinaMessage> s_process = JinaDocumentMethods.Of(null).ProcessSingleData;

    private static JinaMessage Request(int bytes = 1)
    {
        var document = new Document("1") { Blob = new byte[bytes] };
        return new JinaMessage(new DataRequest { RequestId = "1", ExecEndpoint = "/run", Documents = [document] }, DocArrayDialect.V1);
    }

    private static async Task<WebApplication> ServeAsync(Action<WebApplication> map, bool isReady = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        if (isReady)
        {
            builder.Services.AddFlowGrpc();
        }

        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static GrpcConnection Connect(WebApplication app, string host = "localhost")
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        return new GrpcConnection(new Uri($"http://{host}"), new GrpcConnectionOptions { Endpoint = endpoint });
    }

    private static Task<TestFlow> StartAsync(string name, int limit) => TestFlow.StartAsync(
        FlowText.Chain("a").WithGateway($"port: 0, max_request_size: {limit}"),
        new FlowScript().On("a", call =>
        {
            call.Documents[0].Text = name;
            return default;
        }));

    private static Task<byte[]> Reverse(byte[] request, ServerCallContext call) => Task.FromResult(request.Reverse().ToArray());

    private static async Task<RpcException> FailAsync<T>(GrpcConnection connection, Method<T, T> method, T request)
        where T : class => await Assert.ThrowsAsync<RpcException>(() => connection.UnaryAsync(method, request));

    [Fact]
    public async Task Services_of_the_program_answer_beside_those_of_a_flow_and_keep_limits_of_their_own()
    {
        await using var flow = await StartAsync("one", limit: 8_000_000);
        await using var app = await ServeAsync(app =>
        {
            app.MapFlowGrpc(flow.Runtime, flow.Config);
            app.MapGrpcService(ServerServiceDefinition.CreateBuilder().AddMethod(s_own, Reverse).Build());
        });
        using var connection = Connect(app);

        Assert.Equal([3, 2, 1], await connection.UnaryAsync(s_own, [1, 2, 3]));
        Assert.Null((await connection.UnaryAsync(s_process, Request(5_000_000))).Request.Status);
        var larger = await FailAsync(connection, s_own, new byte[5_000_000]);
        var largest = await FailAsync(connection, s_process, Request(9_000_000));
        var unknown = await FailAsync(connection, BytesMethod.Of(MethodType.Unary, "jina.JinaRPC", "nope"), []);

        Assert.Equal((StatusCode.ResourceExhausted, StatusCode.ResourceExhausted), (larger.StatusCode, largest.StatusCode));
        Assert.Contains("larger than the limit of 8000000 bytes", largest.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Unimplemented, unknown.StatusCode);
    }

    [Fact]
    public async Task Two_flows_are_told_apart_by_their_hosts_and_keep_limits_of_their_own()
    {
        await using var small = await StartAsync("small", limit: 100_000);
        await using var large = await StartAsync("large", limit: 8_000_000);
        await using var app = await ServeAsync(app =>
        {
            app.MapFlowGrpc(small.Runtime, small.Config).RequireHost("small.test");
            app.MapFlowGrpc(large.Runtime, large.Config).RequireHost("large.test");
        });
        using var toSmall = Connect(app, "small.test");
        using var toLarge = Connect(app, "large.test");

        Assert.Equal("small", (await toSmall.UnaryAsync(s_process, Request())).Request.Documents[0].Text);
        Assert.Equal("large", (await toLarge.UnaryAsync(s_process, Request(5_000_000))).Request.Documents[0].Text);
        Assert.Equal(StatusCode.ResourceExhausted, (await FailAsync(toSmall, s_process, Request(200_000))).StatusCode);
    }

    [Fact]
    public async Task A_program_that_forgot_the_services_is_told_what_to_write()
    {
        await using var flow = await StartAsync("one", limit: 100_000);

        var serving = ServeAsync(app => app.MapFlowGrpc(flow.Runtime, flow.Config), isReady: false);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => serving);

        Assert.Contains("services.AddFlowGrpc()", error.Message, StringComparison.Ordinal);
    }
}
