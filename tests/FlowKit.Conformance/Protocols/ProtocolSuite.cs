using System.Text.Json.Nodes;
using FlowKit.Serving.Dispatch;
using FlowKit.TestKit;

namespace FlowKit.Conformance.Protocols;

/// <summary>Holds for every protocol by which a flow is reached, whatever its bytes are.</summary>
[ConformanceSuite(typeof(IFlowProtocol))]
public abstract class ProtocolSuite
{
    private const int MaxRequestBytes = 100_000;

    /// <summary>Tells whether a refusal under overload says by itself when to come again.</summary>
    protected virtual bool TellsRetryAfter => true;

    /// <summary>Tells whether one call can be given up without the others of its connection.</summary>
    protected virtual bool EndsSingleCalls => true;

    /// <summary>Starts a flow of one executor behind the protocol.</summary>
    /// <param name="executor">The keys of its entry in the flow.</param>
    /// <param name="gateway">More keys of <c>gateway:</c>, each with a comma before it.</param>
    /// <param name="options">How the flow runs.</param>
    protected abstract Task<ProtocolServer> ServeAsync(string executor, string gateway, TestFlowOptions options);

    /// <summary>Starts a flow of one scripted executor behind the protocol.</summary>
    /// <param name="body">The executor's work.</param>
    /// <param name="gateway">More keys of <c>gateway:</c>, each with a comma before it.</param>
    /// <param name="keys">More keys of the executor, each with a comma before it.</param>
    protected Task<ProtocolServer> ServeAsync(Func<ScriptedCall, ValueTask<object?>>? body = null, string gateway = "", string keys = "") =>
        ServeAsync($"name: a, uses: Scripted{keys}", gateway, new TestFlowOptions { Script = new FlowScript().On("a", body ?? (_ => default)) });

    [Fact]
    public async Task Documents_with_every_field_reach_the_executor_and_come_back()
    {
        var sent = FullDocument.Write(FullDocument.All);
        var received = "";
        await using var server = await ServeAsync(call =>
        {
            received = FullDocument.Write(call.Documents);
            return default;
        });
        await using var caller = server.Connect();

        var answer = await caller.CallAsync(new ProtocolCall(FullDocument.All));

        Assert.Null(answer.Error);
        Assert.Equal(sent, received);
        Assert.Equal(sent, FullDocument.Write(answer.Documents));
    }

    [Fact]
    public async Task Parameters_reach_the_executor_and_its_results_come_back()
    {
        JsonObject? received = null;
        await using var server = await ServeAsync(call =>
        {
            received = (JsonObject)call.Parameters.Values.DeepClone();
            return new ValueTask<object?>(new { Count = call.Documents.Count });
        });
        await using var caller = server.Connect();
        var parameters = new Parameters(new JsonObject { ["top_k"] = 7.0, ["filter"] = new JsonObject { ["price"] = new JsonObject { ["$lt"] = 2.5 } } });

        var answer = await caller.CallAsync(new ProtocolCall(new Document("1"), new Document("2")) { Parameters = parameters });

        Assert.Null(answer.Error);
        Assert.True(JsonNode.DeepEquals(parameters.Values, received), received?.ToJsonString());
        Assert.Equal(2, (double)answer.Results!["a/rep-0"]!["count"]!);
    }

    [Fact]
    public async Task A_request_without_documents_is_answered()
    {
        await using var server = await ServeAsync(_ => new ValueTask<object?>(new { Asked = true }));
        await using var caller = server.Connect();

        var answer = await caller.CallAsync(new ProtocolCall());

        Assert.Null(answer.Error);
        Assert.Empty(answer.Documents);
        Assert.True((bool)answer.Results!["a/rep-0"]!["asked"]!);
    }

    [Fact]
    public async Task What_an_executor_throws_is_told_with_its_code_and_its_name_and_the_next_request_is_answered()
    {
        await using var server = await ServeAsync(
            call => call.Documents[0].Id switch
            {
                "bad" => throw new FlowKitException(new FlowError(FlowErrorCode.InvalidArgument, "document 'bad': no pixels") { DocumentId = "bad" }),
                "worse" => throw new FormatException("not like this"),
                _ => default,
            },
            keys: ", failure_threshold: 1000");
        await using var caller = server.Connect();

        var bad = (await caller.CallAsync(new ProtocolCall(new Document("bad")))).Error!;
        var worse = (await caller.CallAsync(new ProtocolCall(new Document("worse")))).Error!;
        var good = await caller.CallAsync(new ProtocolCall(new Document("good")));

        Assert.Equal((FlowErrorCode.InvalidArgument, "document 'bad': no pixels", "a"), (bad.Code, bad.Message, bad.Executor));
        Assert.Equal((FlowErrorCode.Internal, "not like this", nameof(FormatException)), (worse.Code, worse.Message, worse.ExceptionName));
        Assert.Null(good.Error);
    }

    [Fact]
    public async Task A_document_that_fails_alone_is_told_by_its_id_and_the_others_come_back()
    {
        await using var server = await ServeAsync(call =>
        {
            call.Documents[1].Fail(FlowErrorCode.InvalidArgument, "this one alone");
            return default;
        });
        await using var caller = server.Connect();

        var answer = await caller.CallAsync(new ProtocolCall(new Document("1") { Text = "one" }, new Document("2"), new Document("3") { Text = "three" }));

        Assert.Null(answer.Error);
        Assert.Equal(["1", "2", "3"], answer.Documents.Select(document => document.Id));
        var error = answer.Documents[1].Error!;
        Assert.Equal((FlowErrorCode.InvalidArgument, "this one alone", "a"), (error.Code, error.Message, error.Executor));
        Assert.Equal((null, null), (answer.Documents[0].Error, answer.Documents[2].Error));
        Assert.Equal(("one", "three"), (answer.Documents[0].Text, answer.Documents[2].Text));
    }

    [Fact]
    public async Task A_full_flow_refuses_without_asking_the_executor_and_answers_again_when_there_is_room()
    {
        using var gate = new ManualGate();
        await using var server = await ServeAsync(call => gate.PassAsync(call.Token), gateway: ", capacity: 1");
        await using var first = server.Connect();
        await using var second = server.Connect();
        var held = first.CallAsync(new ProtocolCall(new Document("held")));
        await gate.ArrivedAsync();

        var refused = (await second.CallAsync(new ProtocolCall(new Document("refused"))).WithTimeout()).Error!;

        Assert.Equal(FlowErrorCode.ResourceExhausted, refused.Code);
        Assert.Contains("gateway.capacity", refused.Message, StringComparison.Ordinal);
        if (TellsRetryAfter)
        {
            Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 1, 60);
        }

        Assert.Equal(1, server.Flow.Script.CallsOf("a"));
        gate.Open();
        Assert.Null((await held.WithTimeout()).Error);
        Assert.Null((await second.CallAsync(new ProtocolCall(new Document("later"))).WithTimeout()).Error);
    }

    [Fact]
    public async Task A_caller_that_gives_up_cancels_the_executor_and_frees_its_place()
    {
        using var gate = new ManualGate();
        await using var server = await ServeAsync(
            call => call.Documents[0].Id == "next" ? default : gate.PassAsync(call.Token), gateway: ", capacity: 1");
        await using var caller = server.Connect();
        using var giving = new CancellationTokenSource();
        var call = caller.CallAsync(new ProtocolCall(new Document("held")), giving.Token);
        await gate.ArrivedAsync();

        await giving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WithTimeout());
        await (EndsSingleCalls ? default : caller.DisposeAsync());

        await TestTimeout.UntilAsync(() => gate.Waiting == 0, "the executor to be cancelled");
        await TestTimeout.UntilAsync(() => server.Flow.Runtime.InFlight == 0, "the place to be free");
        await using var next = server.Connect();
        Assert.Null((await next.CallAsync(new ProtocolCall(new Document("next"))).WithTimeout()).Error);
    }

    [Fact]
    public async Task A_deadline_is_told_as_such_and_cancels_the_executor()
    {
        using var gate = new ManualGate();
        await using var server = await ServeAsync(call => gate.PassAsync(call.Token));
        await using var caller = server.Connect();
        var call = caller.CallAsync(new ProtocolCall(new Document("late")) { Timeout = TimeSpan.FromSeconds(1) });
        await gate.ArrivedAsync();

        var late = (await call.WithTimeout()).Error!;
        await (EndsSingleCalls ? default : caller.DisposeAsync());

        Assert.Equal(FlowErrorCode.DeadlineExceeded, late.Code);
        await TestTimeout.UntilAsync(() => gate.Waiting == 0 && server.Flow.Runtime.InFlight == 0, "the executor to be cancelled");
    }

    [Fact]
    public async Task A_request_larger_than_allowed_is_refused_by_its_size_and_the_next_is_answered()
    {
        await using var server = await ServeAsync(gateway: $", max_request_size: {MaxRequestBytes}");
        await using var caller = server.Connect();

        var refused = (await caller.CallAsync(new ProtocolCall(new Document("1") { Blob = new byte[3 * MaxRequestBytes] })).WithTimeout()).Error!;
        await using var other = server.Connect();

        Assert.Matches($"max_request_size|too large|{MaxRequestBytes}", refused.Message);
        Assert.Equal(0, server.Flow.Script.CallsOf("a"));
        Assert.Null((await other.CallAsync(new ProtocolCall(new Document("2"))).WithTimeout()).Error);
        await TestTimeout.UntilAsync(() => server.Flow.Runtime.InFlight == 0, "the refused place to be free");
    }

    [Fact]
    public async Task Calls_at_once_get_each_its_own_answer()
    {
        await using var server = await ServeAsync(
            async call =>
            {
                await Task.Yield();
                call.Documents[0].Text += "!";
                return null;
            },
            keys: ", replicas: 4");
        await using var caller = server.Connect();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            var blob = new byte[number * 300];
            Array.Fill(blob, (byte)number);
            var answer = await caller.CallAsync(new ProtocolCall(new Document { Text = $"{number}" }, new Document { Blob = blob }));
            return (number, blob, answer);
        })).WithTimeout();

        Assert.All(answers, each =>
        {
            Assert.Null(each.answer.Error);
            Assert.Equal($"{each.number}!", each.answer.Documents[0].Text);
            Assert.Equal(each.blob, (each.answer.Documents[1].Blob ?? default).ToArray());
        });
    }

    [Fact]
    public async Task Stopping_answers_what_was_accepted_and_takes_nothing_more()
    {
        using var gate = new ManualGate();
        await using var server = await ServeAsync(call => gate.PassAsync(call.Token), keys: ", replicas: 4");
        await using var caller = server.Connect();
        var held = Enumerable.Range(0, 4).Select(number => caller.CallAsync(new ProtocolCall(new Document($"{number}")))).ToList();
        await gate.ArrivedAsync(4);

        var stopping = server.StopAsync();
        gate.Open();
        var answers = await Task.WhenAll(held).WithTimeout();
        await stopping.WithTimeout();

        Assert.All(answers, answer => Assert.Null(answer.Error));
        Assert.Equal(["0", "1", "2", "3"], answers.Select(answer => answer.Documents[0].Id));
        await using var late = server.Connect();
        Assert.Equal(FlowErrorCode.Unavailable, (await late.CallAsync(new ProtocolCall(new Document("late"))).WithTimeout()).Error!.Code);
        Assert.Equal(4, server.Flow.Script.CallsOf("a"));
    }
}
