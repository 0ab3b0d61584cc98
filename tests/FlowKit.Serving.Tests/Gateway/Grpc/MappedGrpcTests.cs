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

    private static JinaMessage Request(int bytes = 1) =>
        new(new DataRequest { RequestId = "1", ExecEndpoint = "/run", Documents = [new Document("1") { Blob = new byte[bytes] }] }, DocArrayDialect.V1);

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

    private static GrpcConnection Connect(WebApplication app, string host = "localhost") =>
        new(new Uri($"http://{host}"), new GrpcConnectionOptions { Endpoint = new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.Single()).Port) });

    [Fact]
    public async Task Services_of_the_program_answer_beside_those_of_a_flow_and_keep_limits_of_their_own()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("port: 0, max_request_size: 8000000"));
        await using var app = await ServeAsync(app =>
        {
            app.MapFlowGrpc(flow.Runtime, flow.Config);
            app.MapGrpcService(ServerServiceDefinition.CreateBuilder().AddMethod(s_own, (request, _) => Task.FromResult(request.Reverse().ToArray())).Build());
        });
        using var connection = Connect(app);

        Assert.Equal([3, 2, 1], await connection.UnaryAsync(s_own, [1, 2, 3]));
        Assert.Null((await connection.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request(5_000_000))).Request.Status);
        var larger = await Assert.ThrowsAsync<RpcException>(() => connection.UnaryAsync(s_own, new byte[5_000_000]));
        var largest = await Assert.ThrowsAsync<RpcException>(() => connection.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request(9_000_000)));
        var unknown = await Assert.ThrowsAsync<RpcException>(() => connection.UnaryAsync(BytesMethod.Of(MethodType.Unary, "jina.JinaRPC", "nope"), []));

        Assert.Equal((StatusCode.ResourceExhausted, StatusCode.ResourceExhausted, StatusCode.Unimplemented), (larger.StatusCode, largest.StatusCode, unknown.StatusCode));
        Assert.Contains("larger than the limit of 8000000 bytes", largest.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_flows_are_told_apart_by_their_hosts_and_keep_limits_of_their_own()
    {
        await using var small = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("port: 0, max_request_size: 100000"), new FlowScript().On("a", call => Name(call, "small")));
        await using var large = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("port: 0, max_request_size: 8000000"), new FlowScript().On("a", call => Name(call, "large")));
        await using var app = await ServeAsync(app =>
        {
            app.MapFlowGrpc(small.Runtime, small.Config).RequireHost("small.test");
            app.MapFlowGrpc(large.Runtime, large.Config).RequireHost("large.test");
        });
        using var toSmall = Connect(app, "small.test");
        using var toLarge = Connect(app, "large.test");
        var method = JinaDocumentMethods.Of(null).ProcessSingleData;

        Assert.Equal("small", (await toSmall.UnaryAsync(method, Request())).Request.Documents[0].Text);
        Assert.Equal("large", (await toLarge.UnaryAsync(method, Request(5_000_000))).Request.Documents[0].Text);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => toSmall.UnaryAsync(method, Request(200_000)))).StatusCode);
    }

    [Fact]
    public async Task A_program_that_forgot_the_services_is_told_what_to_write()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a").WithGateway("port: 0"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ServeAsync(app => app.MapFlowGrpc(flow.Runtime, flow.Config), isReady: false));

        Assert.Contains("services.AddFlowGrpc()", error.Message, StringComparison.Ordinal);
    }

    private static ValueTask<object?> Name(ScriptedCall call, string name)
    {
        call.Documents[0].Text = name;
        return default;
    }
}
