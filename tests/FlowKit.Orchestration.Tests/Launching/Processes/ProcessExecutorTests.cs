using System.Diagnostics;
using FlowKit.Specs.Running;
using FlowKit.TestKit;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>Executors in real processes of their own, and what they may do there.</summary>
public sealed class ProcessExecutorTests
{
    private const string InProcess = "runtime: process";

    [Fact]
    public async Task Each_replica_has_a_process_of_its_own_and_knows_its_place()
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "replicas: 2", "env:", "  MODE: test", "working_dir: /tmp");

        var found = new HashSet<(int Process, int Replica)>();
        while (found.Count < 2)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => flow.PostAsync("/where")));
            foreach (var where in replies.Select(reply => reply.Results!.Single().Value!))
            {
                Assert.Equal(("test", "/tmp", "wild"), ((string?)where["mode"], (string?)where["folder"], (string?)where["name"]));
                found.Add(((int)(double)where["process"]!, (int)(double)where["replica"]!));
            }
        }

        Assert.Equal([0, 1], found.Select(pair => pair.Replica).Order());
        Assert.DoesNotContain(Environment.ProcessId, found.Select(pair => pair.Process));
    }

    [Fact]
    public async Task An_executor_that_ends_its_process_loses_only_its_own_request()
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "retries: 0");
        var first = await flow.ProcessAsync();

        var lost = (await flow.PostAsync("/exit")).Error!;
        var after = await flow.PostAsync("/echo");

        Assert.Equal((FlowErrorCode.Unavailable, $"'wild' was lost with this request: process {first} ended with exit code 7, without a word"), (lost.Code, lost.Message));
        Assert.Null(after.Error);
        Assert.Contains(flow.Logs.Lines, line => line.Contains($"Executor wild/0 is started again: process {first} ended with exit code 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stack_overflow_takes_down_only_its_process()
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "retries: 0");

        var lost = (await flow.PostAsync("/overflow")).Error!;

        Assert.Matches(@"\A'wild' was lost with this request: process \d+ ended with SIGABRT \(exit code 134\)\z", lost.Message);
        Assert.Null((await flow.PostAsync("/echo")).Error);
        Assert.Contains(flow.Logs.Lines, line => line.Contains("Stack overflow", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/hang")]
    [InlineData("/spin")]
    public async Task One_that_hangs_is_ended_and_started_again(string endpoint)
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "retries: 0", "timeout_executor: 1000");
        var first = await flow.ProcessAsync();

        var hung = (await flow.PostAsync(endpoint)).Error!;

        Assert.Equal("'wild' did not return within 1000 ms (timeout_executor); its replica is replaced.", hung.Message);
        await TestTimeout.UntilAsync(() => !Runs(first), $"the end of process {first}");
        Assert.NotEqual(first, await flow.ProcessAsync());
    }

    [Fact]
    public async Task Native_memory_beyond_the_limit_ends_the_process_with_the_reason()
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "retries: 0", "memory: 512MiB");

        var lost = (await flow.PostAsync("/leak")).Error!;

        Assert.Matches(@"\A'wild' was lost with this request: process \d+ used \d+ MiB, more than its memory of 512 MiB, and was ended", lost.Message);
        Assert.Null((await flow.PostAsync("/echo")).Error);
    }

    [Fact]
    public async Task A_full_heap_fails_the_request_and_the_process_goes_on()
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "retries: 0", "memory: 512MiB");
        var first = await flow.ProcessAsync();

        var full = (await flow.PostAsync("/heap")).Error!;

        Assert.Equal("OutOfMemoryException", full.ExceptionName);
        Assert.Equal(first, await flow.ProcessAsync());
    }

    [Fact]
    public async Task Exceptions_in_the_process_leave_it_as_it_is_however_many()
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "retries: 0", "failure_threshold: 2");
        var first = await flow.ProcessAsync();

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("InvalidOperationException", (await flow.PostAsync("/unforeseen")).Error!.ExceptionName);
        }

        Assert.Equal(first, await flow.ProcessAsync());
    }

    [Fact]
    public async Task Faults_in_the_process_have_another_take_its_place_while_it_answers()
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "retries: 0", "failure_threshold: 1", "memory: 512MiB");
        var first = await flow.ProcessAsync();

        Assert.Equal("OutOfMemoryException", (await flow.PostAsync("/heap")).Error!.ExceptionName);
        for (var next = first; next == first; next = await flow.ProcessAsync())
        {
            Assert.Equal("OutOfMemoryException", (await flow.PostAsync("/heap")).Error!.ExceptionName);
        }

        await TestTimeout.UntilAsync(() => !Runs(first), $"the end of process {first}");
    }

    [Fact]
    public async Task A_working_folder_that_is_not_there_is_told()
    {
        var exception = await Assert.ThrowsAsync<FlowKitException>(() => WildFlow.StartAsync(InProcess, "working_dir: /nowhere"));

        Assert.EndsWith("working_dir: the folder '/nowhere' is not there; make it, or correct the path", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_killed_under_load_loses_only_what_it_worked_on()
    {
        await using var flow = await WildFlow.StartAsync(InProcess, "replicas: 2", "retries: 0");
        var victim = await flow.ProcessAsync();
        var posting = Enumerable.Range(0, 200).Select(_ => flow.PostAsync("/slow")).ToList();
        await Task.WhenAny(posting);

        Process.GetProcessById(victim).Kill();
        var replies = await Task.WhenAll(posting);

        Assert.InRange(replies.Count(reply => reply.Error is not null), 0, 1);
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Ready == 2, "both replicas");
    }

    [Fact]
    public async Task No_process_and_no_socket_is_left_when_the_flow_stops()
    {
        var flow = await WildFlow.StartAsync(InProcess, "replicas: 2");
        Assert.Equal(2, WorkerProcesses.OfThisProcess().Count);

        await flow.DisposeAsync();

        Assert.Empty(WorkerProcesses.OfThisProcess());
        Assert.Empty(Directory.EnumerateDirectories(WorkerSocket.OwnAbove!, $"{WorkerSocket.Prefix}{ProcessMark.Own.Text}-*"));
    }

    private static bool Runs(int process) => ProcessTable.CommandOf(process.ToString(System.Globalization.CultureInfo.InvariantCulture)).Length > 0;
}
