using System.Net;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using FlowKit.Tests;
using FlowKit.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Client.Tests;

/// <summary>The client against a real gateway.</summary>
public sealed class FlowClientTests : IAsyncLifetime
{
    private readonly FlowScript _script = new();
    private TestFlow _flow = null!;
    private GatewayHost _gateway = null!;
    private FlowClient _client = null!;

    public async Task InitializeAsync()
    {
        _flow = await TestFlow.StartAsync(FlowText.Chain("first").WithGateway("port: 0, max_request_size: 100000"), _script);
        _gateway = await GatewayHost.StartAsync(_flow.Runtime, _flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        _client = new FlowClient(_gateway.Address.ToString());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _flow.DisposeAsync();
    }

    [Fact]
    public async Task Documents_go_out_in_requests_and_come_back_in_order()
    {
        _script.On("first", async call =>
        {
            // The first request takes longest: order must not depend on it.
            await Task.Delay(call.Documents[0].Id == "0" ? 50 : 1);
            return null;
        });

        var replies = await ToListAsync(_client.PostAsync("/run", Documents(10), new PostOptions { RequestSize = 4, Prefetch = 3 }));

        Assert.Equal([4, 4, 2], replies.Select(reply => reply.Documents.Count));
        Assert.Equal(Enumerable.Range(0, 10).Select(index => $"{index}"), replies.SelectMany(reply => reply.Documents).Select(document => document.Id));
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_prefetch_says()
    {
        var (now, most) = (0, 0);
        await using var flow = await TestFlow.StartAsync(
            FlowText.Graph(("slow, replicas: 8", "gateway")).WithGateway("port: 0"),
            new FlowScript().On("slow", async _ =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref now));
                await Task.Delay(10);
                Interlocked.Decrement(ref now);
                return null;
            }));
        await using var gateway = await GatewayHost.StartAsync(flow.Runtime, flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        using var client = new FlowClient(gateway.Address.ToString());

        await ToListAsync(client.PostAsync("/run", Documents(12), new PostOptions { RequestSize = 1, Prefetch = 3 }));

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Tensors_and_parameters_arrive_as_they_were()
    {
        var parameters = new Parameters();
        parameters.Values["limit"] = 7;
        NdArray? seen = null;
        _script.On("first", call =>
        {
            seen = call.Documents[0].Tensor;
            call.Documents[0].Text = $"{call.Parameters.Get("limit", 0)}";
            return default;
        });

        var reply = await _client.PostAsync("/run", [new Document { Tensor = NdArray.Wrap(new byte[] { 1, 2, 3, 4, 5, 6 }, 1, 2, 3) }], new PostOptions { Parameters = parameters });

        Assert.Equal("uint8 [1, 2, 3]", seen!.ToString());
        Assert.Equal("7", reply.Documents[0].Text);
    }

    [Fact]
    public async Task An_executors_failure_is_a_status_not_an_exception()
    {
        _script.On("first", _ => throw new InvalidOperationException("it broke"));

        var reply = await _client.PostAsync("/run", [new Document()]);

        Assert.Equal(1, reply.Status!.Code);
        Assert.Contains("it broke", reply.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_document_carries_its_error()
    {
        _script.Edit("first", documents => documents[0].Fail(FlowErrorCode.InvalidArgument, "blob: empty"));

        var reply = await _client.PostAsync("/run", [new Document("a"), new Document("b")]);

        Assert.Equal(FlowErrorCode.InvalidArgument, reply.Documents.Find("a")!.Error!.Code);
        Assert.Null(reply.Documents.Find("b")!.Error);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_told_as_such()
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(() => _client.PostAsync("/run", [new Document { Blob = new byte[200_000] }]));

        Assert.Equal(FlowErrorCode.PayloadTooLarge, error.Error.Code);
    }

    [Fact]
    public async Task A_timeout_is_told_as_such()
    {
        _script.On("first", async call =>
        {
            await Task.Delay(Timeout.Infinite, call.Token);
            return null;
        });

        var error = await Assert.ThrowsAsync<FlowKitException>(() => _client.PostAsync("/run", [new Document()], new PostOptions { Timeout = TimeSpan.FromMilliseconds(50) }));

        Assert.Equal(FlowErrorCode.DeadlineExceeded, error.Error.Code);
    }

    [Fact]
    public async Task A_flow_is_ready_while_it_answers()
    {
        Assert.True(await _client.IsFlowReadyAsync());
        await _gateway.DisposeAsync();
        Assert.False(await _client.IsFlowReadyAsync());
    }

    [Fact]
    public async Task An_address_where_nothing_listens_is_named()
    {
        using var client = new FlowClient("http://127.0.0.1:1");

        var error = await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document()]));

        Assert.Equal(FlowErrorCode.Unavailable, error.Error.Code);
        Assert.Contains("http://127.0.0.1:1/", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_that_is_not_a_flow_is_told_as_such()
    {
        using var listener = new HttpListener();
        var port = FreePort.Find();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var answering = AnswerAsync(listener, "<html>hello</html>");
        using var client = new FlowClient($"http://127.0.0.1:{port}");

        var error = await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document()]));

        await answering;
        Assert.Contains("is not a flow", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("ftp://localhost")]
    [InlineData("")]
    public void An_address_that_is_none_is_refused(string address) => Assert.Throws<FlowKitException>(() => new FlowClient(address));

    private static async Task AnswerAsync(HttpListener listener, string body)
    {
        var context = await listener.GetContextAsync();
        await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen && Interlocked.CompareExchange(ref target, value, seen) != seen; seen = Volatile.Read(ref target))
        {
        }
    }

    private static IAsyncEnumerable<Document> Documents(int count) => Enumerable.Range(0, count).Select(index => new Document($"{index}")).ToAsyncEnumerable();

    private static async Task<List<DataRequest>> ToListAsync(IAsyncEnumerable<DataRequest> replies)
    {
        var list = new List<DataRequest>();
        await foreach (var reply in replies)
        {
            list.Add(reply);
        }

        return list;
    }
}
