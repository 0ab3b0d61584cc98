using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Serving.Remote;
using FlowKit.TestKit;
using FlowKit.Wire;
using FlowKit.Wire.Proto;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>The queue in front of a flow, over a real RabbitMQ.</summary>
public sealed class RequestQueueTests
{
    private readonly string _name = RabbitServer.NewName();
    private readonly CollectedLogs _logs = new();
    private readonly ConcurrentQueue<string> _written = new();

    [RabbitFact]
    public async Task A_write_is_answered_when_it_is_stored_and_done_afterwards()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(async call =>
        {
            await gate.Task;
            Write(call);
        });

        var (status, reply) = await gateway.AskAsync("""{"data": [{"id": "a", "text": "one"}, {"id": "b"}], "parameters": {"k": 1}}""", "/index");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(["a", "b"], reply["data"]!.AsArray().Select(document => (string)document!["id"]!));
        Assert.Null((string?)reply["data"]![0]!["text"]);
        var stored = reply["parameters"]!["__results__"]!["gateway"]!;
        Assert.Equal((_name, 2, (string)reply["header"]!["requestId"]!), ((string)stored["queue"]!, (int)stored["stored"]!, (string)stored["request_id"]!));
        Assert.Empty(_written);

        gate.SetResult();
        await TestTimeout.UntilAsync(() => _written.Count == 2, "the request to be done");
        Assert.Equal(["a one 1", "b  1"], _written);
    }

    [RabbitFact]
    public async Task What_reads_goes_straight_through_the_flow()
    {
        await using var gateway = await StartAsync(Write);

        var (status, _) = await gateway.AskAsync("""{"data": [{"id": "a"}], "execEndpoint": "/search"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single(_written);
    }

    [RabbitFact]
    public async Task A_request_that_is_sent_twice_is_done_once_by_http_and_by_grpc()
    {
        await using var gateway = await StartAsync(Write);
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/index") { Content = new StringContent("""{"data": [{"id": "a"}]}""", Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", "mine");
            using var response = await gateway.Http.SendAsync(request);
            Assert.Equal("mine", (string)(await TestGateway.ReadAsync(response))!["header"]!["requestId"]!);
            var reply = DataRequestCodec.Read(await RelayHost.AskAsync(gateway.Grpc!, Bytes(new DataRequest { RequestId = "other", ExecEndpoint = "/index", Documents = [new Document { Id = "b" }] })));
            Assert.Equal(("other", "b"), (reply.RequestId, reply.Documents[0].Id));
        }

        await gateway.AskAsync("""{"data": [{"id": "last"}]}""", "/index");
        await TestTimeout.UntilAsync(() => _written.Any(line => line.StartsWith("last", StringComparison.Ordinal)), "the last request");
        Assert.Equal(["a  ", "b  ", "last  "], _written.Order());
    }

    [RabbitFact]
    public async Task What_can_never_be_done_is_a_dead_letter_with_its_reason()
    {
        await using var gateway = await StartAsync(_ => throw new FlowKitException(FlowErrorCode.InvalidArgument, "it has no embedding"));

        await gateway.AskAsync("""{"data": [{"id": "a", "text": "one"}]}""", "/index");

        await TestTimeout.UntilAsync(() => _logs.Lines.Any(line => line.Contains("could not be done", StringComparison.Ordinal)), "the dead letter");
        var dead = Assert.Single(await RabbitServer.TakeAllAsync($"{_name}.dead"));
        Assert.Equal(("InvalidArgument", "a"), (RabbitServer.Header(dead, "x-flowkit-code"), RabbitServer.Header(dead, "x-flowkit-executor")));
        Assert.Contains("it has no embedding", RabbitServer.Header(dead, "x-flowkit-error"), StringComparison.Ordinal);
        Assert.Equal("one", DataRequestCodec.Read(dead.Body).Documents[0].Text);
    }

    [RabbitFact]
    public async Task Of_documents_that_fail_alone_the_dead_letter_has_only_these()
    {
        await using var gateway = await StartAsync(call => call.Documents[1].Fail(FlowErrorCode.InvalidArgument, "no picture"));

        await gateway.AskAsync("""{"data": [{"id": "a"}, {"id": "b"}]}""", "/index");

        await TestTimeout.UntilAsync(() => _logs.Lines.Any(line => line.Contains("documents alone: 1", StringComparison.Ordinal)), "the dead letter");
        var dead = Assert.Single(await RabbitServer.TakeAllAsync($"{_name}.dead"));
        Assert.Equal(["b"], DataRequestCodec.Read(dead.Body).Documents.Select(document => document.Id));
    }

    [RabbitFact]
    public async Task A_failure_is_tried_again_and_the_last_attempt_sees_the_documents_as_they_came()
    {
        var calls = 0;
        await using var gateway = await StartAsync(call =>
        {
            call.Documents[0].Text += " changed";
            if (++calls < 3)
            {
                throw new InvalidOperationException("a passing trouble");
            }

            Write(call);
        });

        await gateway.AskAsync("""{"data": [{"id": "a", "text": "one"}]}""", "/index");

        await TestTimeout.UntilAsync(() => !_written.IsEmpty, "the third attempt");
        Assert.Equal(["a one changed "], _written);
    }

    [RabbitFact]
    public async Task A_request_whose_attempts_all_fail_is_a_dead_letter_and_the_next_is_done()
    {
        var calls = 0;
        await using var gateway = await StartAsync(call =>
        {
            if (call.Documents[0].Id == "poison")
            {
                calls++;
                throw new InvalidOperationException("always");
            }

            Write(call);
        });

        await gateway.AskAsync("""{"data": [{"id": "poison"}]}""", "/index");
        await gateway.AskAsync("""{"data": [{"id": "b"}]}""", "/index");

        await TestTimeout.UntilAsync(() => _logs.Lines.Any(line => line.Contains("could not be done", StringComparison.Ordinal)), "the dead letter");
        await TestTimeout.UntilAsync(() => !_written.IsEmpty, "the other request");
        Assert.Equal(3, calls);
        Assert.Single(await RabbitServer.TakeAllAsync($"{_name}.dead"));
    }

    [RabbitFact]
    public async Task What_the_flow_has_no_room_for_waits_however_often()
    {
        var calls = 0;
        await using var gateway = await StartAsync(call =>
        {
            if (++calls < 6)
            {
                throw new FlowKitException(FlowErrorCode.ResourceExhausted, "the disk is full");
            }

            Write(call);
        });

        await gateway.AskAsync("""{"data": [{"id": "a"}]}""", "/index");

        await TestTimeout.UntilAsync(() => !_written.IsEmpty, "room");
        Assert.Equal(6, calls);
        Assert.Empty(await RabbitServer.TakeAllAsync($"{_name}.dead"));
    }

    [RabbitFact]
    public async Task A_queue_that_is_full_refuses()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await StartAsync(async _ => await gate.Task, ", prefetch: 1, max_length: 2");
        var answers = new List<HttpStatusCode>();
        JsonNode? refusal = null;
        for (var i = 0; i < 20 && refusal is null; i++)
        {
            var (status, reply) = await gateway.AskAsync($$"""{"data": [{"id": "{{i}}"}]}""", "/index");
            answers.Add(status);
            refusal = status == HttpStatusCode.Accepted ? null : reply;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        Assert.Contains("The queue holds 2 requests (gateway.queue.max_length)", refusal!.ToJsonString(), StringComparison.Ordinal);
        gate.SetResult();
    }

    [RabbitFact]
    public async Task Nothing_accepted_is_lost_and_nothing_done_twice_while_the_broker_is_killed()
    {
        await using var gateway = await StartAsync(Write);
        using var stop = new CancellationTokenSource();
        var (accepted, refused) = (new ConcurrentBag<string>(), 0);
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{writer}-{i}");
                using var request = new HttpRequestMessage(HttpMethod.Post, "/index") { Content = new StringContent($$"""{"data": [{"id": "{{id}}"}]}""", Encoding.UTF8, "application/json") };
                request.Headers.Add("Idempotency-Key", id);
                using var response = await gateway.Http.SendAsync(request);
                if (response.StatusCode == HttpStatusCode.Accepted)
                {
                    accepted.Add(id);
                }
                else
                {
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                    Interlocked.Increment(ref refused);
                    await Task.Delay(20);
                }
            }
        })).ToList();

        await TestTimeout.UntilAsync(() => accepted.Count > 100, "writes");

        // RabbitMQ 3.10 finds no leader again for a quorum queue that was made a second or two before the broker was killed.
        await Task.Delay(TimeSpan.FromSeconds(6));
        RabbitServer.Kill();
        await TestTimeout.UntilAsync(() => refused > 4, "refusals");
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("""{"data": [{"id": "s"}], "execEndpoint": "/search"}""")).Status);
        RabbitServer.StartAgain();

        var last = accepted.Count;
        try
        {
            await TestTimeout.UntilAsync(() => accepted.Count > last + 50, "writes");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{string.Join('\n', _logs.Lines.TakeLast(20))}", exception);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);

        await TestTimeout.UntilAsync(() => accepted.Except(Ids()).Any() is false, "all that was accepted");
        Assert.Empty(Ids().Where(id => id != "s").GroupBy(id => id).Where(twice => twice.Count() > 1).Select(twice => twice.Key));
    }

    [RabbitFact]
    public async Task What_was_under_way_when_the_gateway_ended_is_done_by_the_next()
    {
        using var folder = new TempFolder();
        await using (var first = await StartAsync(async call => await Task.Delay(Timeout.Infinite, call.Token), folder: folder.Path))
        {
            await first.AskAsync("""{"data": [{"id": "a"}]}""", "/index");
            await TestTimeout.UntilAsync(() => first.Script.CallsOf("a") == 1, "the call");
        }

        await using var second = await StartAsync(Write, folder: folder.Path);

        await TestTimeout.UntilAsync(() => !_written.IsEmpty, "the request to come again");
        Assert.Equal(["a  "], _written);
    }

    [RabbitFact]
    public async Task An_id_that_is_too_long_is_refused()
    {
        await using var gateway = await StartAsync(Write);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/index") { Content = new StringContent("""{"data": [{}]}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", new string('x', 300));

        using var response = await gateway.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("longer than 255 bytes", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_broker_writes_are_refused_with_the_reason_and_reads_answered()
    {
        await using var gateway = await StartAsync(Write, uri: "amqp://guest:hidden-word@127.0.0.1:1");
        await TestTimeout.UntilAsync(() => _logs.Lines.Any(line => line.Contains("There is no connection to the queue", StringComparison.Ordinal)), "the log");

        var (status, reply) = await gateway.AskAsync("""{"data": [{}]}""", "/index");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("The request was not stored", reply.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-word", reply.ToJsonString() + string.Join('\n', _logs.Lines), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AskAsync("""{"data": [{}], "execEndpoint": "/search"}""")).Status);
    }

    private static byte[] Bytes(DataRequest request)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        DataRequestCodec.Write(request, output);
        return output.WrittenSpan.ToArray();
    }

    private IEnumerable<string> Ids() => _written.Select(line => line.Split(' ')[0]);

    private void Write(ScriptedCall call)
    {
        foreach (var document in call.Documents)
        {
            _written.Enqueue($"{document.Id} {document.Text} {call.Parameters.Values["k"]}");
        }
    }

    private Task<TestGateway> StartAsync(Action<ScriptedCall> body, string options = "", string? uri = null, string? folder = null) =>
        StartAsync(
            call =>
            {
                body(call);
                return Task.CompletedTask;
            },
            options,
            uri,
            folder);

    private async Task<TestGateway> StartAsync(Func<ScriptedCall, Task> body, string options = "", string? uri = null, string? folder = null)
    {
        var script = new FlowScript().On("a", async call =>
        {
            await body(call);
            return null;
        });
        var gateway = await TestGateway.StartAsync(
            FlowText.Chain("a").WithGateway($"port: 0, timeout_stop: 500, queue: {{uri: '{uri ?? RabbitServer.Uri}', name: '{_name}'{options}}}"),
            new TestFlowOptions { Script = script, Loggers = _logs, Folder = folder });
        if (uri is null)
        {
            await TestTimeout.UntilAsync(() => _logs.Lines.Any(line => line.Contains("go through the queue", StringComparison.Ordinal)), "the connection");
        }

        return gateway;
    }
}
