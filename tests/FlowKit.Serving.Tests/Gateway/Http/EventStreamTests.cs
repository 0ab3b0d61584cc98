using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

/// <summary>Streams over HTTP: documents go out as they come, and what goes wrong is told.</summary>
public sealed class EventStreamTests
{
    private const string Body = """{"data":[{"id":"1"}],"execEndpoint":"/x"}""";

    private readonly Channel<Document> _made = Channel.CreateBounded<Document>(100);
    private int _ended;

    /// <summary>An executor that streams what the test makes.</summary>
    private FlowScript Producer() => new FlowScript().On("a", call => new ValueTask<object?>(MakeAsync(call.Token)));

    private async IAsyncEnumerable<Document> MakeAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var document in _made.Reader.ReadAllAsync(cancellationToken))
            {
                yield return document;
            }
        }
        finally
        {
            Interlocked.Increment(ref _ended);
        }
    }

    private ValueTask MakeAsync(string id, string? text = null) => _made.Writer.WriteAsync(new Document(id) { Text = text });

    private static async Task<List<(string Name, string Data)>> AllAsync(HttpResponseMessage response)
    {
        var events = new List<(string, string)>();
        await foreach (var item in TestGateway.EventsAsync(response))
        {
            events.Add(item);
        }

        return events;
    }

    private static async Task<(string Name, string Data)> NextAsync(IAsyncEnumerator<(string Name, string Data)> events)
    {
        Assert.True(await events.MoveNextAsync().AsTask().WithTimeout());
        return events.Current;
    }

    [Fact]
    public async Task A_document_is_there_before_the_next_is_made()
    {
        await using var gateway = await TestGateway.StartAsync(script: Producer());
        var asking = gateway.StreamAsync(Body, "/post?nulls=false");
        await MakeAsync("one");
        using var response = await asking.WithTimeout();
        await using var events = TestGateway.EventsAsync(response).GetAsyncEnumerator();

        Assert.Equal(("update", """{"id":"one"}"""), await NextAsync(events));
        Assert.Equal((0, 1), (_ended, gateway.Flow.Runtime.InFlight));
        await MakeAsync("two");
        Assert.Equal(("update", """{"id":"two"}"""), await NextAsync(events));
        _made.Writer.Complete();

        Assert.Equal(("end", ""), await NextAsync(events));
        Assert.False(await events.MoveNextAsync());
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 0, "the place to be given back");
    }

    [Fact]
    public async Task The_bytes_are_those_of_Jinas_gateway()
    {
        await using var gateway = await TestGateway.StartAsync(script: Producer());
        await MakeAsync("1", "žluť\nand a line");
        _made.Writer.Complete();

        using var response = await gateway.StreamAsync(Body, "/post?nulls=false");

        Assert.Equal(("text/event-stream", true), (response.Content.Headers.ContentType!.MediaType, response.Headers.CacheControl!.NoStore));
        Assert.Equal(
            "event: update\r\ndata: {\"id\":\"1\",\"text\":\"žluť\\nand a line\"}\r\n\r\nevent: end\r\ndata: \r\n\r\n",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_executor_that_does_not_stream_sends_its_documents_all_the_same()
    {
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().Edit("a", documents => documents[1].Fail(FlowErrorCode.InvalidArgument, "not an image")));

        using var response = await gateway.StreamAsync("""{"data":[{"id":"1"},{"id":"2"}]}""", "/search?nulls=false");
        var events = await AllAsync(response);

        Assert.Equal(["update", "update", "end"], events.Select(item => item.Name));
        Assert.Contains("not an image", events[1].Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_header_the_stream_is_one_reply()
    {
        await using var gateway = await TestGateway.StartAsync(script: Producer());
        await MakeAsync("1");
        await MakeAsync("2");
        _made.Writer.Complete();

        var (status, body) = await gateway.AskAsync(Body);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["1", "2"], body["data"]!.AsArray().Select(document => (string)document!["id"]!));
    }

    [Fact]
    public async Task A_failure_on_the_way_is_an_event_and_the_connection_goes_on()
    {
        await using var gateway = await TestGateway.StartAsync(script: Producer());
        await MakeAsync("1");
        _made.Writer.Complete(new InvalidOperationException("no more"));

        using var response = await gateway.StreamAsync(Body);
        var events = await AllAsync(response);
        using var after = await gateway.Http.GetAsync("/ready");

        Assert.Equal(["update", "error"], events.Select(item => item.Name));
        var status = JsonNode.Parse(events[1].Data)!;
        Assert.Equal((1, "no more"), ((int)status["code"]!, (string)status["description"]!));
        Assert.Equal(("InvalidOperationException", "Scripted"), ((string)status["exception"]!["name"]!, (string)status["exception"]!["executor"]!));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal(0, gateway.Flow.Runtime.InFlight);
    }

    [Fact]
    public async Task An_executor_that_fails_at_once_is_an_event_too()
    {
        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", _ => throw new InvalidOperationException("never")));

        using var response = await gateway.StreamAsync(Body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("error", Assert.Single(await AllAsync(response)).Name);
    }

    [Fact]
    public async Task A_deadline_on_the_way_is_an_event_and_ends_the_producer()
    {
        await using var gateway = await TestGateway.StartAsync(script: Producer());
        gateway.Http.DefaultRequestHeaders.Add("X-Request-Timeout-Ms", "700");
        await MakeAsync("1");

        using var response = await gateway.StreamAsync(Body);
        var events = await AllAsync(response).WithTimeout();

        Assert.Equal(["update", "error"], events.Select(item => item.Name));
        Assert.Contains("deadline", events[1].Data, StringComparison.OrdinalIgnoreCase);
        await TestTimeout.UntilAsync(() => _ended == 1, "the producer to end");
    }

    [Theory]
    [InlineData("""{"data":[],"targetExecutor":"("}""", HttpStatusCode.BadRequest, "target_executor")]
    [InlineData("""{"data":[""", HttpStatusCode.BadRequest, "detail")]
    public async Task What_the_gateway_refuses_is_a_status_and_no_stream(string body, HttpStatusCode expected, string word)
    {
        await using var gateway = await TestGateway.StartAsync(script: Producer());

        using var response = await gateway.StreamAsync(body);

        Assert.Equal((expected, "application/json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains(word, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, gateway.Flow.Runtime.InFlight);
    }

    [Fact]
    public async Task A_stream_that_has_no_place_or_no_time_is_told_by_its_status()
    {
        await using var gateway = await TestGateway.StartAsync("capacity: 1", Producer());
        var first = gateway.StreamAsync(Body);
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 1, "the first stream");

        using var refused = await gateway.StreamAsync(Body);
        _made.Writer.Complete();
        (await first).Dispose();
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.InFlight == 0, "the place to be given back");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_deadline_before_the_first_document_is_504()
    {
        await using var gateway = await TestGateway.StartAsync(script: Producer());
        gateway.Http.DefaultRequestHeaders.Add("X-Request-Timeout-Ms", "50");

        using var response = await gateway.StreamAsync(Body);

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("DeadlineExceeded", (string)(await TestGateway.ReadAsync(response))!["header"]!["status"]!["exception"]!["name"]!);
    }

    [Fact]
    public async Task A_caller_that_goes_away_ends_the_producer_and_is_no_error_of_the_gateway()
    {
        using var logs = new CollectedLogs();
        await using var gateway = await TestGateway.StartAsync(FlowText.Chain("a").WithGateway("port: 0, capacity: 1"), new TestFlowOptions { Script = Producer(), Loggers = logs });
        await MakeAsync("1");
        using (var response = await gateway.StreamAsync(Body))
        {
            await using var events = TestGateway.EventsAsync(response).GetAsyncEnumerator();
            await NextAsync(events);
        }

        await TestTimeout.UntilAsync(() => _ended == 1 && gateway.Flow.Runtime.InFlight == 0, "the producer to end");
        using var after = await gateway.Http.GetAsync("/ready");

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.DoesNotContain(logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_producer_that_ignores_its_token_ends_at_its_next_document_with_another_executor_behind_it()
    {
        async IAsyncEnumerable<Document> MakeForEverAsync()
        {
            try
            {
                while (true)
                {
                    yield return new Document();
                    await Task.Delay(5, CancellationToken.None);
                }
            }
            finally
            {
                Interlocked.Increment(ref _ended);
            }
        }

        await using var gateway = await TestGateway.StartAsync(
            FlowText.Chain("a", "b").WithGateway("port: 0"), new TestFlowOptions { Script = new FlowScript().On("a", _ => new ValueTask<object?>(MakeForEverAsync())) });
        using (var response = await gateway.StreamAsync(Body))
        {
            await using var events = TestGateway.EventsAsync(response).GetAsyncEnumerator();
            await NextAsync(events);
        }

        await TestTimeout.UntilAsync(() => _ended == 1, "the producer to end");
    }

    [Fact]
    public async Task A_caller_that_does_not_read_stops_the_producer_until_it_does()
    {
        var made = 0;
        async IAsyncEnumerable<Document> MakeManyAsync()
        {
            while (Interlocked.Increment(ref made) <= 300)
            {
                yield return new Document { Blob = new byte[1 << 20] };
                await Task.Yield();
            }
        }

        await using var gateway = await TestGateway.StartAsync(script: new FlowScript().On("a", _ => new ValueTask<object?>(MakeManyAsync())));
        using var response = await gateway.StreamAsync(Body, "/post?nulls=false");
        var before = -1;
        while (before != Volatile.Read(ref made))
        {
            before = Volatile.Read(ref made);
            await Task.Delay(500);
        }

        Assert.InRange(before, 1, 150);
        Assert.Equal(301, (await AllAsync(response)).Count);
    }

    [Fact]
    public async Task A_document_that_JSON_cannot_hold_is_an_error_and_never_half_an_event()
    {
        await using var gateway = await TestGateway.StartAsync(script: Producer());
        var bad = new Document { Text = new string('x', 100_000) };
        bad.Tags["x"] = double.NaN;
        await MakeAsync("1");
        await _made.Writer.WriteAsync(bad);
        await MakeAsync("3");
        _made.Writer.Complete();

        using var response = await gateway.StreamAsync(Body);
        var events = await AllAsync(response).WithTimeout();

        Assert.Equal(["update", "update", "update", "end"], events.Select(item => item.Name));
        Assert.Contains("tags.x: it is NaN or infinite, and JSON has no such number; the document cannot be written as JSON", events[1].Data, StringComparison.Ordinal);
        await TestTimeout.UntilAsync(() => _ended == 1, "the producer to end");
    }

    [Fact]
    public async Task A_stream_that_never_began_does_not_keep_a_changed_flow_waiting()
    {
        var yaml = FlowText.Chain("a").WithGateway("port: 0");
        await using var gateway = await TestGateway.StartAsync(yaml, new TestFlowOptions { Script = Producer() });
        using var refused = await gateway.StreamAsync("""{"data":[],"targetExecutor":"("}""");

        await gateway.Flow.ApplyAsync(FlowText.Chain("a", "b").WithGateway("port: 0")).WithTimeout();

        Assert.Equal(["a", "b"], gateway.Flow.Runtime.Graph.Nodes.Select(node => node.Name));
    }
}
