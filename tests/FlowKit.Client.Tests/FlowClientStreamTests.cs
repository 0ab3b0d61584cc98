using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Client.Tests;

/// <summary>Streams, from the client's side of a real gateway.</summary>
public sealed class FlowClientStreamTests : IAsyncLifetime
{
    private readonly FlowScript _script = new();
    private readonly Channel<Document> _made = Channel.CreateBounded<Document>(10);
    private TestFlow _flow = null!;
    private GatewayHost _gateway = null!;
    private FlowClient _client = null!;

    public async Task InitializeAsync()
    {
        _script.On("first", call => new ValueTask<object?>(_made.Reader.ReadAllAsync(call.Token)));
        _flow = await TestFlow.StartAsync(FlowText.Chain("first").WithGateway("port: 0, capacity: 1"), _script);
        _gateway = await GatewayHost.StartAsync(_flow.Runtime, _flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        _client = new FlowClient(_gateway.Address.ToString());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _flow.DisposeAsync();
    }

    private IAsyncEnumerable<Document> StreamAsync(PostOptions? options = null) => _client.StreamAsync("/run", [new Document("in")], options);

    [Fact]
    public async Task A_document_is_given_before_the_next_is_made()
    {
        await _made.Writer.WriteAsync(new Document("1") { Text = "žluť", Tensor = NdArray.Wrap(new byte[] { 1, 2 }, 2) });
        await using var documents = StreamAsync().GetAsyncEnumerator();

        Assert.True(await documents.MoveNextAsync().AsTask().WithTimeout());
        Assert.Equal(("1", "uint8 [2]"), (documents.Current.Id, documents.Current.Tensor!.ToString()));
        await _made.Writer.WriteAsync(new Document("2"));
        Assert.True(await documents.MoveNextAsync().AsTask().WithTimeout());
        Assert.Equal("2", documents.Current.Id);
        _made.Writer.Complete();
        Assert.False(await documents.MoveNextAsync().AsTask().WithTimeout());
    }

    [Fact]
    public async Task Leaving_the_enumeration_cancels_the_request()
    {
        await _made.Writer.WriteAsync(new Document("1"));

        await foreach (var document in StreamAsync())
        {
            Assert.Equal("1", document.Id);
            break;
        }

        await TestTimeout.UntilAsync(() => _flow.Runtime.InFlight == 0, "the request to be cancelled");
    }

    [Fact]
    public async Task A_failure_after_some_documents_is_an_exception_with_its_executor()
    {
        await _made.Writer.WriteAsync(new Document("1"));
        _made.Writer.Complete(new InvalidOperationException("no more"));
        var seen = new List<string>();

        var error = await Assert.ThrowsAsync<FlowKitException>(async () =>
        {
            await foreach (var document in StreamAsync())
            {
                seen.Add(document.Id);
            }
        });

        Assert.Equal(["1"], seen);
        Assert.Equal((FlowErrorCode.Internal, "no more", "first", "InvalidOperationException"), (error.Error.Code, error.Message, error.Error.Executor, error.Error.ExceptionName));
    }

    [Fact]
    public async Task A_deadline_on_the_way_keeps_its_code()
    {
        await _made.Writer.WriteAsync(new Document("1"));

        var error = await Assert.ThrowsAsync<FlowKitException>(async () =>
        {
            await foreach (var _ in StreamAsync(new PostOptions { Timeout = TimeSpan.FromMilliseconds(700) }))
            {
            }
        });

        Assert.Equal(FlowErrorCode.DeadlineExceeded, error.Error.Code);
    }

    [Fact]
    public async Task A_full_flow_says_when_to_come_again()
    {
        await _made.Writer.WriteAsync(new Document("1"));
        await using var first = StreamAsync().GetAsyncEnumerator();
        Assert.True(await first.MoveNextAsync());

        var stream = await Assert.ThrowsAsync<FlowKitException>(async () => await StreamAsync().GetAsyncEnumerator().MoveNextAsync());
        var post = await Assert.ThrowsAsync<FlowKitException>(() => _client.PostAsync("/run", [new Document()]));

        Assert.All([stream, post], error =>
        {
            Assert.Equal(FlowErrorCode.ResourceExhausted, error.Error.Code);
            Assert.InRange(error.Error.RetryAfter!.Value.TotalSeconds, 1, 60);
        });
    }

    [Fact]
    public async Task A_large_body_is_not_sent_to_a_flow_that_is_full()
    {
        await _made.Writer.WriteAsync(new Document("1"));
        await using var first = StreamAsync().GetAsyncEnumerator();
        Assert.True(await first.MoveNextAsync());
        var large = new Document { Blob = new byte[30 << 20] };

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<FlowKitException>(() => _client.PostAsync("/run", [large]));
            Assert.Equal(FlowErrorCode.ResourceExhausted, error.Error.Code);
        }

        await first.DisposeAsync();
        await TestTimeout.UntilAsync(() => _flow.Runtime.InFlight == 0, "the first to be cancelled");
        _script.Edit("first", _ => { });
        Assert.Equal(30 << 20, (await _client.PostAsync("/run", [large])).Documents[0].Blob!.Value.Length);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: update\r\ndata: {\"id\":\"1\"}\r\n\r\n", FlowErrorCode.Unavailable, "before its end")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\n\r\nevent: update\r\ndata: {\"id\":\"1\"}\r\n\r\n", FlowErrorCode.Unavailable, "before its end")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: update\r\ndata: {\"id\":\r\n\r\n", FlowErrorCode.Internal, "is not a flow")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: error\r\ndata: []\r\n\r\n", FlowErrorCode.Internal, "is not a flow")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", FlowErrorCode.Internal, "is not a flow")]
    public async Task What_breaks_or_is_no_stream_of_a_flow_is_told_as_such(string answer, FlowErrorCode code, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = RawAnswer.SendAsync(listener, answer);
        using var client = new FlowClient($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        var error = await Assert.ThrowsAsync<FlowKitException>(async () =>
        {
            await foreach (var document in client.StreamAsync("/run", [new Document()]))
            {
                Assert.Equal("1", document.Id);
            }
        });

        await answering;
        Assert.Equal(code, error.Error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
