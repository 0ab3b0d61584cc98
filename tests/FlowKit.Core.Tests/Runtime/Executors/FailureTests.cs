using FlowKit.TestKit;

namespace FlowKit.Runtime.Executors;

public sealed class FailureTests
{
    [Fact]
    public async Task An_exception_names_the_executor_stops_the_request_there_and_the_stage_lives_on()
    {
        using var logs = new CollectedLogs();
        var script = new FlowScript().On("b", call => call.Documents[0].Id == "bad" ? throw new ArgumentException("deliberate") : default);
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b", "c"), new TestFlowOptions { Script = script, Loggers = logs });

        var reply = await flow.SendAsync("bad").WithTimeout();

        Assert.Equal(new FlowError(FlowErrorCode.Internal, "deliberate") { Executor = "b", ExceptionName = "ArgumentException" }, reply.Error);
        Assert.Equal(["bad"], reply.Documents.Select(document => document.Id));
        Assert.Equal("Scripted", reply.Error!.Details!.ExecutorClass);
        Assert.Equal(["deliberate"], reply.Error.Details.Arguments);
        Assert.Equal(["ArgumentException: deliberate"], reply.Error.Details.Stacks);
        Assert.Equal(["gateway", "a", "b"], reply.Routes.Select(route => route.Executor));
        Assert.Equal([false, false, true], reply.Routes.Select(route => route.Error is not null));
        Assert.Equal(0, script.CallsOf("c"));
        Assert.Contains(logs.Lines, line => line.Contains("Executor b threw on /run", StringComparison.Ordinal) && line.Contains("ArgumentException", StringComparison.Ordinal));
        Assert.Null((await flow.SendAsync("good").WithTimeout()).Error);
    }

    [Fact]
    public async Task What_an_executor_throws_on_purpose_keeps_its_code_and_is_not_logged_as_a_bug()
    {
        using var logs = new CollectedLogs();
        var script = new FlowScript().On("a", _ => throw new FlowKitException(FlowErrorCode.FailedPrecondition, "the index is of another model"));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), new TestFlowOptions { Script = script, Loggers = logs });

        var error = (await flow.SendAsync("1").WithTimeout()).Error!;

        Assert.Equal((FlowErrorCode.FailedPrecondition, "a"), (error.Code, error.Executor));
        Assert.Empty(logs.Lines);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_the_executors_failure()
    {
        var script = new FlowScript().On("a", async _ =>
        {
            using var own = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
            await Task.Delay(Timeout.Infinite, own.Token);
            return null;
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), script);

        var error = (await flow.SendAsync("1").WithTimeout()).Error!;

        Assert.Equal((FlowErrorCode.Internal, "a", "TaskCanceledException"), (error.Code, error.Executor, error.ExceptionName));
    }

    [Fact]
    public async Task A_thousand_exceptions_do_not_wear_out_a_replica()
    {
        var script = new FlowScript().On("a", call => int.Parse(call.Documents[0].Id) % 2 == 0 ? throw new InvalidOperationException("even") : default);
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, replicas: 2", "gateway"), ("b", "a")), script);

        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => flow.SendAsync($"{i}"))).WithTimeout();

        Assert.Equal(500, replies.Count(reply => reply.Error is not null));
        Assert.Equal(0, flow.Runtime.InFlight);
    }

    [Fact]
    public async Task A_failed_document_is_kept_from_later_executors_and_comes_back_in_its_place()
    {
        var script = new FlowScript()
            .Edit("a", documents => documents[1].Fail(FlowErrorCode.InvalidArgument, "not an image"))
            .Edit("b", documents => documents[0].Text = "b");
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), script);

        var reply = await flow.PostAsync("/x", new Document("1"), new Document("2"), new Document("3"));

        Assert.Null(reply.Error);
        Assert.Equal(["1", "2", "3"], reply.Documents.Select(document => document.Id));
        Assert.Equal(new FlowError(FlowErrorCode.InvalidArgument, "not an image") { Executor = "a", DocumentId = "2" }, reply.Documents[1].Error);
        Assert.Equal(["1", "3"], script.Calls.Single(call => call.Executor == "b").Documents.Select(document => document.Id));
    }

    [Fact]
    public async Task A_failed_document_comes_after_those_that_a_later_executor_puts_in_its_place()
    {
        var kept = new DocumentArray([new Document("new")]);
        var script = new FlowScript()
            .Edit("a", documents => documents[0].Fail(FlowErrorCode.InvalidArgument, "bad"))
            .On("b", _ => new(kept));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), script);

        var reply = await flow.PostAsync("/x", new Document("1"), new Document("2"));

        Assert.Equal(["new", "1"], reply.Documents.Select(document => document.Id));
        Assert.Single(kept);
    }

    [Fact]
    public async Task Documents_that_an_executor_removes_in_place_stay_removed_beside_a_failed_one()
    {
        var script = new FlowScript()
            .Edit("a", documents => documents[0].Fail(FlowErrorCode.InvalidArgument, "bad"))
            .Edit("b", documents =>
            {
                documents.RemoveAt(0);
                documents.Add(new Document("added"));
            });
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), script);

        var reply = await flow.PostAsync("/x", new Document("1"), new Document("2"), new Document("3"));

        Assert.Equal(["3", "added", "1"], reply.Documents.Select(document => document.Id));
    }

    [Fact]
    public async Task A_request_of_which_every_document_failed_still_reaches_the_end()
    {
        var script = new FlowScript().Edit("a", documents => documents[0].Fail(FlowErrorCode.DataLoss, "bad"));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), script);

        var reply = await flow.PostAsync("/x", new Document("1"));

        Assert.Null(reply.Error);
        Assert.Equal(FlowErrorCode.DataLoss, Assert.Single(reply.Documents).Error!.Code);
    }

    [Fact]
    public async Task A_document_that_failed_in_one_branch_is_failed_after_the_join()
    {
        var script = new FlowScript().Edit("right", documents => documents[0].Fail(FlowErrorCode.InvalidArgument, "bad"));
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("left", "gateway"), ("right", "gateway"), ("end", "left, right")), script);

        var reply = await flow.PostAsync("/x", new Document("1"));

        Assert.Equal("right", reply.Documents[0].Error!.Executor);
        Assert.Empty(script.Calls.Single(call => call.Executor == "end").Documents);
    }
}
