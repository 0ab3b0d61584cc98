using System.Net;
using System.Net.Http.Headers;
using FlowKit.Serving.Worker;
using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>What is refused is refused when its headers have come: nothing of its message is waited for, read or kept.</summary>
public sealed class EarlyRefusalTests
{
    private const string Refused = "8";

    private static FlowScript Blocking(Task until) => new FlowScript().On("a", async call =>
    {
        await until.WaitAsync(call.Token);
        return null;
    });

    private static HttpRequestMessage HeadersAlone(Uri address, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new NeverEnding { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/grpc") } },
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return request;
    }

    private static JinaMessage Request() =>
        new(new DataRequest { RequestId = "1", ExecEndpoint = "/run", Documents = [new Document("1")] }, DocArrayDialect.V1);

    private static Task<TestWorker> StartAsync(FlowScript script) =>
        TestWorker.StartAsync("name: a, uses: Scripted", new TestFlowOptions { Script = script }, "port: 0, capacity: 1");

    private static Task<JinaMessage> AskAsync(TestWorker worker) =>
        worker.Channel.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request());

    [Theory]
    [InlineData("/jina.JinaSingleDataRequestRPC/process_single_data")]
    [InlineData("/jina.JinaSingleDocumentRequestRPC/stream_doc")]
    [InlineData("/jina.JinaDataRequestRPC/process_data")]
    public async Task A_full_flow_refuses_before_a_message_comes_and_says_when_to_come_again(string path)
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await StartAsync(Blocking(open.Task));
        var first = AskAsync(worker);
        await TestTimeout.UntilAsync(() => worker.Flow.Runtime.InFlight == 1, "the first request");
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = HeadersAlone(worker.Channel.Address, path);

        using var response = await http.SendAsync(request, CancellationToken.None).WithTimeout();

        var refused = response.Headers;
        Assert.Equal(Refused, refused.GetValues("grpc-status").Single());
        Assert.True(int.Parse(refused.GetValues("retry-after").Single()) >= 1);
        Assert.Contains("gateway.capacity", Uri.UnescapeDataString(refused.GetValues("grpc-message").Single()), StringComparison.Ordinal);
        Assert.Equal(1, worker.Flow.Runtime.InFlight);
        open.SetResult();
        Assert.Null((await first).Request.Status);
    }

    [Fact]
    public async Task A_caller_who_leaves_before_its_message_has_come_gives_its_place_back()
    {
        await using var worker = await StartAsync(new FlowScript());
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var giving = new CancellationTokenSource();
        using var request = HeadersAlone(worker.Channel.Address, "/jina.JinaSingleDataRequestRPC/process_single_data");
        var asked = http.SendAsync(request, giving.Token);
        await TestTimeout.UntilAsync(() => worker.Flow.Runtime.InFlight == 1, "its place");

        await giving.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => asked);
        await TestTimeout.UntilAsync(() => worker.Flow.Runtime.InFlight == 0, "the place to be free");
        Assert.Null((await AskAsync(worker)).Request.Status);
    }

    private sealed class NeverEnding : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            await new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously).Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
