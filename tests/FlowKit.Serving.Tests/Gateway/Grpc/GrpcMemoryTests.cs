using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>Messages and replies over gRPC are counted as bodies are.</summary>
public sealed class GrpcMemoryTests
{
    private static JinaMessage Request(int size, string id = "1") =>
        new(new DataRequest { RequestId = id, ExecEndpoint = "/run", Documents = [new Document(id) { Blob = new byte[size] }] }, DocArrayDialect.V1);

    private static Task<TestGateway> StartAsync(string memory, FlowScript? script = null) => TestGateway.StartAsync($"protocol: grpc, memory: {memory}", script);

    private static Task ReturnedAsync(TestGateway gateway) =>
        TestTimeout.UntilAsync(() => gateway.Flow.Runtime.Memory.Used == 0, $"all memory to be given back; {gateway.Flow.Runtime.Memory.Used} is held");

    [Fact]
    public async Task A_message_that_does_not_fit_is_refused_before_it_is_read()
    {
        await using var gateway = await StartAsync("4MiB");

        var refused = await Assert.ThrowsAsync<RpcException>(() => gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request(2_000_000)));
        var reply = await gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request(500_000));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Contains("gateway.memory", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(500_000, reply.Request.Documents[0].Blob!.Value.Length);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_reply_that_does_not_fit_is_told_with_its_size()
    {
        await using var gateway = await StartAsync("4MiB", new FlowScript().Edit("a", documents => documents[0].Blob = new byte[6_000_000]));

        var refused = await Assert.ThrowsAsync<RpcException>(() => gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request(10)));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Matches("The reply needs 60\\d{5} bytes", refused.Status.Detail);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_stream_is_counted_message_by_message_and_cut_off_inside_one()
    {
        await using var gateway = await StartAsync("4MiB");
        using var call = gateway.Grpc!.Calls.AsyncDuplexStreamingCall(JinaDocumentMethods.Of(null).Call, null, CallSettings.Of([], TestTimeout.Limit));

        for (var i = 0; i < 8; i++)
        {
            await call.RequestStream.WriteAsync(Request(300_000, $"{i}"));
            Assert.True(await call.ResponseStream.MoveNext());
        }

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            try
            {
                await call.RequestStream.WriteAsync(Request(10_000_000));
            }
            catch (RpcException)
            {
                // The gateway has ended the call before it has heard all; reading tells how.
            }

            while (await call.ResponseStream.MoveNext())
            {
            }
        });

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Contains("gateway.memory", refused.Status.Detail, StringComparison.Ordinal);
        await ReturnedAsync(gateway);
    }

    [Fact]
    public async Task A_stream_that_its_caller_leaves_gives_back_what_waits_to_be_sent()
    {
        using var gate = new ManualGate();
        await using var gateway = await StartAsync("16MiB", new FlowScript().On("a", call => gate.PassAsync(call.Token)));
        var call = gateway.Grpc!.Calls.AsyncDuplexStreamingCall(JinaDocumentMethods.Of(null).Call, null, CallSettings.Of([], TestTimeout.Limit));
        await call.RequestStream.WriteAsync(Request(300_000));
        await gate.ArrivedAsync();
        Assert.InRange(gateway.Flow.Runtime.Memory.Used, 300_000, 1_000_000);

        call.Dispose();

        await ReturnedAsync(gateway);
    }
}
