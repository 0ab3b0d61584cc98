using System.Globalization;
using FlowKit.Components;
using FlowKit.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Runtime.Executors;

/// <summary>An exception fails the request that it came from; only what points at the replica itself replaces it, and without a gap.</summary>
public sealed class InputErrorTests
{
    private const string Flow = "jtype: Flow\nexecutors:\n  - {name: count, uses: Counting, failure_threshold: 3}\n";

    private readonly CountingLoad _load = new();

    [Fact]
    public async Task Bad_inputs_of_one_caller_take_neither_the_executor_nor_its_state_from_another()
    {
        await using var flow = await StartAsync(Flow);

        for (var i = 1; i <= 50; i++)
        {
            var bad = (await flow.PostAsync("/parse", new Document { Text = "abc" })).Error!;
            var good = await flow.PostAsync("/count", new Document());

            Assert.Equal((FlowErrorCode.Internal, "FormatException"), (bad.Code, bad.ExceptionName));
            Assert.Null(good.Error);
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), good.Documents[0].Text);
        }

        Assert.True(flow.Runtime.Health[0] is { Restarts: 0, IsOpen: false, Ready: 1 });
    }

    [Theory]
    [InlineData("")]
    [InlineData(", uses_dynamic_batching: {/parse: {preferred_batch_size: 8, timeout: 0}}")]
    public async Task Bad_inputs_in_a_row_or_in_batches_restart_nothing(string keys)
    {
        await using var flow = await StartAsync(Flow.Replace("}", $"{keys}}}", StringComparison.Ordinal));
        await flow.PostAsync("/count", new Document());

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => flow.PostAsync("/parse", new Document { Text = "abc" })));

        Assert.All(replies, reply => Assert.NotNull(reply.Error ?? reply.Documents[0].Error));
        Assert.Equal("2", (await flow.PostAsync("/count", new Document())).Documents[0].Text);
        Assert.Equal((0, 1), (flow.Runtime.Health[0].Restarts, _load.Count));
    }

    [Fact]
    public async Task An_exception_in_a_process_of_its_own_restarts_nothing_either_and_a_fault_there_is_known_by_its_name()
    {
        var launcher = new FakeLauncher { Answer = call => throw Named(call.Documents[0].Text!) };
        await using var flow = await TestFlow.StartAsync(
            FlowText.Graph(("a, runtime: process, failure_threshold: 3", "gateway")), new TestFlowOptions { Launchers = [launcher] });

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("FormatException", (await flow.SendAsync("FormatException").WithTimeout()).Error!.ExceptionName);
        }

        Assert.True(flow.Runtime.Health[0] is { Restarts: 0, Ready: 1 });
        Assert.Single(launcher.Made);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("OutOfMemoryException", (await flow.SendAsync("OutOfMemoryException").WithTimeout()).Error!.ExceptionName);
        }

        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0] is { Restarts: 1, Ready: 1 }, "the replacement");
        Assert.Equal(2, launcher.Made.Count);
    }

    [Theory]
    [InlineData("declared", "")]
    [InlineData("derived", "")]
    [InlineData("inside", "")]
    [InlineData("memory", "")]
    [InlineData("declared", ", uses_dynamic_batching: {/fault: {preferred_batch_size: 1, timeout: 0}}")]
    public async Task A_fault_replaces_the_replica_when_the_new_one_is_loaded_and_not_before(string kind, string keys)
    {
        using var gate = new ManualGate();
        await using var flow = await StartAsync(Flow.Replace("}", $"{keys}}}", StringComparison.Ordinal));
        await flow.PostAsync("/count", new Document());
        _load.Gate = gate;
        await FaultAsync(flow, kind, times: 3);

        await gate.ArrivedAsync();
        Assert.True(flow.Runtime.Health[0] is { Restarts: 0, IsOpen: false, Ready: 1 });
        Assert.True(flow.Runtime.IsHealthy);
        await FaultAsync(flow, kind, times: 10);

        gate.Open();
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0] is { Restarts: 1, Ready: 1 }, "the replacement");
        Assert.Equal("1", (await flow.PostAsync("/count", new Document())).Documents[0].Text);
        Assert.Equal(2, _load.Count);
    }

    [Fact]
    public async Task One_that_works_again_before_its_replacement_is_loaded_stays_with_its_state()
    {
        using var gate = new ManualGate();
        await using var flow = await StartAsync(Flow);
        _load.Gate = gate;
        await FaultAsync(flow, "declared", times: 3);
        await gate.ArrivedAsync();

        Assert.Equal("1", (await flow.PostAsync("/count", new Document())).Documents[0].Text);
        gate.Open();

        // Not replaced, it is still watched: the next faults load another one.
        await FaultAsync(flow, "declared", times: 2);
        Assert.Equal("2", (await flow.PostAsync("/count", new Document())).Documents[0].Text);
        Assert.Equal(0, flow.Runtime.Health[0].Restarts);
        for (var tries = 0; flow.Runtime.Health[0].Restarts == 0; tries++)
        {
            Assert.InRange(tries, 0, 1000);
            await FaultAsync(flow, "declared", times: 3);
            await Task.Delay(2);
        }
    }

    [Fact]
    public async Task Successes_between_faults_and_a_threshold_that_is_not_reached_keep_the_replica()
    {
        await using var flow = await StartAsync(Flow);

        for (var i = 1; i <= 10; i++)
        {
            await FaultAsync(flow, "declared", times: 2);
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), (await flow.PostAsync("/count", new Document())).Documents[0].Text);
        }

        Assert.Equal((0, 1), (flow.Runtime.Health[0].Restarts, _load.Count));
    }

    [Fact]
    public async Task While_the_replacement_cannot_be_loaded_the_faulty_one_serves()
    {
        await using var flow = await StartAsync(Flow);
        _load.Failure = new InvalidOperationException("no second one");
        await FaultAsync(flow, "declared", times: 3);

        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].LastError!.Contains("no second one", StringComparison.Ordinal), "a load that fails");

        Assert.True(flow.Runtime.Health[0] is { Restarts: 0, IsOpen: false, Ready: 1 });
        Assert.Equal("1", (await flow.PostAsync("/count", new Document())).Documents[0].Text);
    }

    [Fact]
    public async Task A_flow_that_changes_or_stops_while_a_replacement_loads_keeps_none_too_many()
    {
        using var gate = new ManualGate();
        await using (var flow = await StartAsync(Flow))
        {
            _load.Gate = gate;
            await FaultAsync(flow, "declared", times: 3);
            await gate.ArrivedAsync();
            _load.Gate = null;
            await flow.ApplyAsync(Flow.Replace("failure_threshold: 3", "failure_threshold: 4", StringComparison.Ordinal));
            gate.Open();
            await flow.ScaleAsync("count", 2);

            Assert.True(flow.Runtime.Health[0] is { Restarts: 0, Ready: 2 });
            using var again = new ManualGate();
            _load.Gate = again;
            await flow.ScaleAsync("count", 1);
            await FaultAsync(flow, "declared", times: 4);
            await again.ArrivedAsync();
        }

        Assert.Equal(_load.Count, _load.Disposals);
    }

    [Fact]
    public void A_declared_fault_that_is_no_exception_is_told_by_name()
    {
        var exception = Assert.Throws<FlowKitException>(() => new ExecutorDescriptor(typeof(Misdeclared)));

        Assert.Equal("Misdeclared: [ExecutorFault] names String, which is no exception; name classes derived from Exception.", exception.Message);
    }

    [Fact]
    public void Faults_are_found_by_type_inside_others_and_by_the_name_that_another_process_tells()
    {
        var faults = new ExecutorDescriptor(typeof(Counting)).Faults;

        Assert.True(faults.Include(new AggregateException(new FormatException(), new IOException())));
        Assert.True(faults.Include(new FlowKitException(FlowErrorCode.Internal, "the model failed", new OutOfMemoryException())));
        Assert.True(faults.Include(Named("IOException")));
        Assert.False(faults.Include(Named("FormatException")));
        Assert.False(faults.Include(new AggregateException(new FormatException(), new KeyNotFoundException())));
        Assert.False(faults.Include(new OperationCanceledException("an inner timeout")));
    }

    private static FlowKitException Named(string exception) =>
        new(new FlowError(FlowErrorCode.Internal, "thrown elsewhere") { ExceptionName = exception });

    private static async Task FaultAsync(TestFlow flow, string kind, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var reply = await flow.PostAsync("/fault", new Document { Text = kind });
            Assert.Equal("lost", (reply.Error ?? reply.Documents[0].Error)!.Message);
        }
    }

    private Task<TestFlow> StartAsync(string yaml) => TestFlow.StartAsync(
        yaml, new TestFlowOptions { Executors = [typeof(Counting)], Services = new ServiceCollection().AddSingleton(_load).BuildServiceProvider() });

    [ExecutorFault(typeof(string))]
    private sealed class Misdeclared : Executor
    {
        [Requests]
        public static void Run()
        {
        }
    }
}
