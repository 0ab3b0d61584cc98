using FlowKit.Components.Launching;
using FlowKit.TestKit;

namespace FlowKit.Conformance.Launchers;

/// <summary>
/// Holds for every place outside the flow's own process where executors run. The executor is one that does what it should not: it ends,
/// hangs or throws as it is asked to. A class that lacks what its launcher needs says so in a static property <c>WhyMissing</c>.
/// </summary>
[ConformanceSuite(typeof(IExecutorLauncher))]
public abstract class LauncherSuite
{
    /// <summary>What <c>runtime:</c> writes.</summary>
    protected abstract string Runtime { get; }

    /// <summary>What <c>uses:</c> writes: the executor <c>Wild</c>, as the launcher finds it.</summary>
    protected abstract string Uses { get; }

    /// <summary>The executor's class, as the flow knows it.</summary>
    protected abstract Type Executor { get; }

    /// <summary>A pattern of what ends, in errors: <c>process \d+</c>.</summary>
    protected abstract string What { get; }

    /// <summary>The time that a replica may take to start.</summary>
    protected virtual int TimeoutReady => 8000;

    /// <summary>Makes the launcher.</summary>
    protected abstract IExecutorLauncher CreateLauncher();

    /// <summary>Counts what runs now of the launcher's making.</summary>
    protected abstract Task<int> CountAsync();

    [LauncherFact]
    public async Task It_has_the_name_that_the_flow_writes_and_starts_nothing_before_it_is_asked_to()
    {
        Assert.Equal(Runtime, CreateLauncher().Runtime);
        Assert.Equal(0, await CountAsync());
    }

    [LauncherFact]
    public async Task An_executor_serves_as_soon_as_its_flow_has_started_and_knows_its_place_and_its_variables()
    {
        await using var flow = await StartAsync("replicas: 2", "env:", "  MODE: test");
        Assert.Equal(2, await CountAsync());
        Assert.Equal(2, flow.Runtime.Health[0].Ready);

        var replicas = new HashSet<int>();
        while (replicas.Count < 2)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => flow.PostAsync("/where", new Document("doc"))));
            foreach (var where in replies.Select(reply => reply.Results!.Single().Value!))
            {
                Assert.Equal(("test", "wild"), ((string?)where["mode"], (string?)where["name"]));
                replicas.Add((int)(double)where["replica"]!);
            }
        }

        Assert.Equal([0, 1], replicas.Order());
        Assert.Null(Environment.GetEnvironmentVariable("MODE"));
    }

    [LauncherFact]
    public async Task With_none_the_first_request_waits_for_one_that_is_started_for_it()
    {
        await using var flow = await StartAsync("autoscale: {min: 0, max: 2, cooldown_period: 1000}");
        await TestTimeout.UntilAsync(async () => await CountAsync() == 0, "the end of the last");

        Assert.Null((await flow.PostAsync("/echo", new Document("doc") { Text = "hello" })).Error);

        Assert.Equal((1, 1), (await CountAsync(), flow.Runtime.Health[0].Ready));
    }

    [LauncherFact]
    public async Task Errors_are_those_of_an_executor_in_the_flows_own_process()
    {
        await using var flow = await StartAsync();

        var thrown = (await flow.PostAsync("/throw", new Document("doc"))).Error!;
        Assert.Equal(new FlowError(FlowErrorCode.InvalidArgument, "this picture has no pixels") { Executor = "wild" }, thrown);
        var unforeseen = (await flow.PostAsync("/unforeseen", new Document("doc"))).Error!;
        Assert.Equal((FlowErrorCode.Internal, "not foreseen", "InvalidOperationException"), (unforeseen.Code, unforeseen.Message, unforeseen.ExceptionName));
        var alone = (await flow.PostAsync("/fail", new Document("doc"))).Documents[0].Error!;
        Assert.Equal(("this one alone", "wild"), (alone.Message, alone.Executor));
    }

    [LauncherFact]
    public async Task One_that_ends_loses_only_its_own_request_tells_how_it_ended_and_is_started_again()
    {
        var logs = new CollectedLogs();
        await using var flow = await StartAsync(logs, "retries: 0");

        var lost = (await flow.PostAsync("/exit", new Document("doc"))).Error!;
        var after = await flow.PostAsync("/echo", new Document("doc") { Text = "hello" });

        Assert.Equal(FlowErrorCode.Unavailable, lost.Code);
        Assert.Matches($@"\A'wild' was lost with this request: {What} ended with exit code 7", lost.Message);
        Assert.Null(after.Error);
        Assert.StartsWith("hello from ", after.Documents[0].Text, StringComparison.Ordinal);
        Assert.Contains(logs.Lines, line => line.Contains("Executor wild/0 is started again: ", StringComparison.Ordinal));
    }

    [LauncherFact]
    public async Task One_that_hangs_is_ended_and_started_again()
    {
        await using var flow = await StartAsync("retries: 0", "timeout_executor: 1000");

        var hung = (await flow.PostAsync("/hang", new Document("doc"))).Error!;

        Assert.Equal("'wild' did not return within 1000 ms (timeout_executor); its replica is replaced.", hung.Message);
        Assert.Null((await flow.PostAsync("/echo", new Document("doc"))).Error);
        await TestTimeout.UntilAsync(async () => await CountAsync() == 1, "the end of what hung");
    }

    [LauncherFact]
    public async Task A_caller_that_gives_up_cancels_the_executor()
    {
        await using var flow = await StartAsync("retries: 0");
        using var giving = new CancellationTokenSource();
        var call = flow.Runtime.SendAsync(new Runtime.FlowRequest("/patient", [new Document("doc")]), giving.Token);
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Ready == 1 && flow.Runtime.InFlight == 1, "the call");

        await giving.CancelAsync();
        _ = await call.WithTimeout();

        Assert.Null((await flow.PostAsync("/echo", new Document("doc"))).Error);
        Assert.Equal(0, flow.Runtime.Health[0].Restarts);
    }

    [LauncherFact]
    public async Task One_that_ends_at_once_is_told_with_its_last_lines()
    {
        var message = await FailAsync("uses_with:", "  at_start: exit");

        Assert.Matches($@"(?s)\AThe executor 'wild' \(.*\) did not start: {What} ended with exit code 3\. Its last lines:\n", message);
        Assert.Contains("\n  the licence has expired", message, StringComparison.Ordinal);
    }

    [LauncherFact]
    public async Task A_constructor_that_throws_is_told() =>
        Assert.Contains("no model in this folder", await FailAsync("uses_with:", "  at_start: throw"), StringComparison.Ordinal);

    [LauncherFact]
    public async Task One_that_never_gets_ready_is_given_up() => Assert.Matches(
        $@"it was not ready within {TimeoutReady} ms \(timeout_ready\): (the engine has not started|{What} runs and does not serve)",
        await FailAsync($"timeout_ready: {TimeoutReady}", "uses_with:", "  at_start: hang"));

    [LauncherFact]
    public async Task Scaling_and_replacing_work_as_for_others()
    {
        await using var flow = await StartAsync();
        await flow.ScaleAsync("wild", 3);
        Assert.Equal(3, flow.Runtime.Health[0].Ready);

        await flow.ApplyAsync(Text("env:", "  MODE: changed"));

        Assert.Equal("changed", (string?)(await flow.PostAsync("/where", new Document("doc"))).Results!.Single().Value!["mode"]);
        Assert.Equal(1, flow.Runtime.Health[0].Ready);
    }

    [LauncherFact]
    public async Task A_flood_of_lines_is_thinned_out_and_nothing_waits_for_it()
    {
        var logs = new CollectedLogs();
        await using var flow = await StartAsync(logs);

        var reply = await flow.PostAsync("/flood", new Document("doc"));

        Assert.Null(reply.Error);
        await TestTimeout.UntilAsync(() => logs.Lines.Any(line => line.Contains("more lines were left out", StringComparison.Ordinal)), "the count of what was left out");
        Assert.InRange(logs.Lines.Count, 1, 10_000);
        Assert.All(logs.Lines, line => Assert.InRange(line.Length, 1, 9_000));
        Assert.Contains(logs.Lines, line => line.StartsWith("Information wild/0 | xxx", StringComparison.Ordinal));
    }

    [LauncherFact]
    public async Task Stopping_answers_what_was_accepted_and_leaves_nothing()
    {
        var flow = await StartAsync("replicas: 2");
        var accepted = Enumerable.Range(0, 20).Select(number => flow.PostAsync("/slow", new Document($"{number}") { Text = "hello" })).ToList();

        await flow.Runtime.StopAsync(TestTimeout.Limit);
        var replies = await Task.WhenAll(accepted);
        await flow.DisposeAsync();

        Assert.All(replies, reply => Assert.Null(reply.Error));
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), replies.Select(reply => reply.Documents[0].Id));
        Assert.Equal(0, await CountAsync());
    }

    private Task<TestFlow> StartAsync(params string[] keys) => StartAsync(new CollectedLogs(), keys);

    private Task<TestFlow> StartAsync(CollectedLogs logs, params string[] keys) =>
        TestFlow.StartAsync(Text(keys), new TestFlowOptions { Executors = [Executor], Launchers = [CreateLauncher()], Loggers = logs });

    /// <summary>Starts a flow that cannot start, and returns why.</summary>
    private async Task<string> FailAsync(params string[] keys)
    {
        var exception = await Assert.ThrowsAsync<FlowKitException>(() => StartAsync(keys));
        Assert.Equal(0, await CountAsync());
        return exception.Message;
    }

    /// <summary>Writes a flow whose start ends, and is explained, before a test is given up.</summary>
    private string Text(params string[] keys) => $"""
        jtype: Flow
        executors:
          - name: wild
            uses: {Uses}
            runtime: {Runtime}
            {string.Join("\n    ", Array.Exists(keys, key => key.StartsWith("timeout_ready:", StringComparison.Ordinal)) ? keys : ["timeout_ready: 120000", .. keys])}
        """;
}
