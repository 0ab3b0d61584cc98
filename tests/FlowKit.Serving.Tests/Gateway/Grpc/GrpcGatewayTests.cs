using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Grpc.Core;
using Grpc.Health.V1;

namespace FlowKit.Serving.Gateway.Grpc;

public sealed class GrpcGatewayTests
{
    private const string Settings = "protocol: grpc";

    private static JinaMessage Request(string id, string endpoint = "/run") =>
        new(new DataRequest { RequestId = id, ExecEndpoint = endpoint, Documents = [new Document(id) { Text = id }] }, DocArrayDialect.V1);

    private static Task<TestGateway> StartAsync(FlowScript? script = null, string settings = "") => TestGateway.StartAsync(Settings + settings, script);

    private static Task<List<string>> ExchangeAsync(TestGateway gateway, Metadata metadata, params string[] ids) =>
        ExchangeAsync(gateway, metadata, _ => { }, ids);

    private static async Task<List<string>> ExchangeAsync(TestGateway gateway, Metadata metadata, Action<string> told, params string[] ids)
    {
        using var call = gateway.Grpc!.Calls.AsyncDuplexStreamingCall(JinaDocumentMethods.Of(null).Call, null, CallSettings.Of(metadata, TestTimeout.Limit));
        try
        {
            foreach (var id in ids)
            {
                await call.RequestStream.WriteAsync(Request(id));
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The gateway has ended the call before it has heard all; reading tells how.
        }

        var answered = new List<string>();
        while (await call.ResponseStream.MoveNext())
        {
            answered.Add(call.ResponseStream.Current.Request.RequestId!);
            told(answered[^1]);
        }

        return answered;
    }

    /// <summary>The first request ends only when the second has.</summary>
    private static FlowScript Overtaking()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new FlowScript().On("a", async call =>
        {
            if (call.Documents[0].Id == "first")
            {
                await second.Task.WithTimeout();
            }
            else
            {
                second.SetResult();
            }

            return null;
        });
    }

    private static FlowScript Blocking(Task until) => new FlowScript().On("a", async call =>
    {
        await until.WaitAsync(call.Token);
        return null;
    });

    [Fact]
    public async Task Replies_come_as_they_are_ready()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var script = new FlowScript().On("a", async call =>
        {
            await (call.Documents[0].Id == "first" ? second.Task.WithTimeout() : Task.CompletedTask);
            return null;
        });
        await using var gateway = await TestGateway.StartAsync(
            "jtype: Flow\nexecutors: [{name: a, uses: Scripted, replicas: 2}]\ngateway: {port: 0, protocol: grpc}", new TestFlowOptions { Script = script });

        // The first ends when the reply of the second has come.
        Assert.Equal(["second", "first"], await ExchangeAsync(gateway, [], _ => second.TrySetResult(), "first", "second"));
    }

    [Fact]
    public async Task Replies_come_in_order_when_that_is_asked()
    {
        await using var gateway = await TestGateway.StartAsync("jtype: Flow\nexecutors: [{name: a, uses: Scripted, replicas: 2}]\ngateway: {port: 0, protocol: grpc}", new TestFlowOptions { Script = Overtaking() });

        Assert.Equal(["first", "second"], await ExchangeAsync(gateway, new Metadata { { "__results_in_order__", "true" } }, "first", "second"));
    }

    [Fact]
    public async Task Only_as_many_requests_are_under_way_as_the_stream_asks_to_prefetch()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(Blocking(open.Task));
        var exchange = ExchangeAsync(gateway, new Metadata { { "__prefetch__", "2" } }, "1", "2", "3", "4");
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 2, "two requests to be under way");
        await Task.Delay(50);

        Assert.Equal(2, gateway.Flow.Runtime.InFlight);
        open.SetResult();
        Assert.Equal(4, (await exchange).Count);
    }

    [Fact]
    public async Task A_prefetch_that_is_no_number_is_refused()
    {
        await using var gateway = await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => ExchangeAsync(gateway, new Metadata { { "__prefetch__", "many" } }, "1"));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task A_full_flow_refuses_a_single_request_and_says_when_to_come_again()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(Blocking(open.Task), ", capacity: 1");
        var first = gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request("1"));
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 1, "the first request");

        var error = await Assert.ThrowsAsync<RpcException>(() => gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request("2")));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.True(int.Parse(error.Trailers.GetValue("retry-after")!) >= 1);
        open.SetResult();
        Assert.Equal("1", (await first).Request.RequestId);
    }

    [Fact]
    public async Task A_full_flow_slows_a_stream_whose_own_requests_fill_it()
    {
        await using var gateway = await StartAsync(null, ", capacity: 1");

        var answered = await ExchangeAsync(gateway, new Metadata { { "__prefetch__", "1000" } }, [.. Enumerable.Range(0, 50).Select(index => $"{index}")]);

        Assert.Equal(50, answered.Count);
    }

    [Fact]
    public async Task A_stream_that_meets_a_full_flow_is_told_in_a_last_reply_and_the_status()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(Blocking(open.Task), ", capacity: 1");
        var first = gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request("1"));
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 1, "the first request");
        using var call = gateway.Grpc!.Calls.AsyncDuplexStreamingCall(JinaDocumentMethods.Of(null).Call, null, default);
        await call.RequestStream.WriteAsync(Request("2"));

        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal("2", call.ResponseStream.Current.Request.RequestId);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.NotNull(error.Trailers.GetValue("retry-after"));
        open.SetResult();
        await first;
    }

    [Fact]
    public async Task The_callers_deadline_ends_the_request_in_the_flow()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(new FlowScript().On("a", async call =>
        {
            call.Token.Register(ended.SetResult);
            await ended.Task.WithTimeout();
            return null;
        }));

        var error = await Assert.ThrowsAsync<RpcException>(() => gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request("1"), CallSettings.Of(timeout: TimeSpan.FromSeconds(2))));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await ended.Task.WithTimeout();
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 0, "the flow to be empty");
    }

    [Fact]
    public async Task An_unknown_endpoint_of_a_strict_gateway_is_not_found()
    {
        await using var gateway = await TestGateway.StartAsync("jtype: Flow\nexecutors: [{name: a, uses: Cap}]\ngateway: {port: 0, protocol: grpc, strict: true}", new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });

        var error = await Assert.ThrowsAsync<RpcException>(() => gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, Request("1", "/nope")));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task A_request_of_the_second_dialect_is_answered_in_it()
    {
        await using var gateway = await StartAsync();
        var request = new JinaMessage(Request("1").Request, DocArrayDialect.V2);

        var reply = await gateway.Grpc!.UnaryAsync(JinaDocumentMethods.Of(null).ProcessSingleData, request);

        Assert.Equal((DocArrayDialect.V2, "1"), (reply.Dialect, reply.Request.Documents[0].Text));
    }

    [Fact]
    public async Task Health_is_told_each_time_it_changes_and_ends_when_the_gateway_stops()
    {
        await using var gateway = await StartAsync();
        using var watch = new Health.HealthClient(gateway.Grpc!.Calls).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);
        await gateway.Host.StopAsync(CancellationToken.None).WithTimeout();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await watch.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task A_stream_with_requests_under_way_is_answered_when_the_gateway_stops()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(Blocking(open.Task));
        using var call = gateway.Grpc!.Calls.AsyncDuplexStreamingCall(JinaDocumentMethods.Of(null).Call, null, default);
        await call.RequestStream.WriteAsync(Request("1"));
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 1, "the request");
        var stopping = gateway.Host.StopAsync(CancellationToken.None);
        open.SetResult();

        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal("1", call.ResponseStream.Current.Request.RequestId);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        await stopping.WithTimeout();
    }
}
