using System.Net;
using System.Text.Json.Nodes;
using FlowKit.Serving.Gateway;
using FlowKit.Serving.Worker;
using FlowKit.TestKit;
using FlowKit.Tests;
using FlowKit.Wire.Grpc.Jina;
using Google.Protobuf.WellKnownTypes;

namespace FlowKit.Serving.Remote;

/// <summary>Executors elsewhere whose network is cut, falls silent, or that are full: nothing hangs, nothing is done twice, nothing lies.</summary>
public sealed class LostPeerTests
{
    [Fact]
    public async Task A_write_under_any_name_is_not_made_again_and_a_read_is()
    {
        await using var one = await JournalWorker.StartAsync();
        await using var other = await JournalWorker.StartAsync();
        await using var cable = new Cable(one.Port);
        await using var flow = await AskAsync("", cable.Port, other.Port);
        await KnownAsync(flow);

        foreach (var (endpoint, isRepeated) in new[] { ("/add", false), ("/look", true) })
        {
            one.Journal.Hold();
            other.Journal.Hold();
            var posting = flow.PostAsync(endpoint, new Document(endpoint));
            await TestTimeout.UntilAsync(() => one.Journal.Seen(endpoint) + other.Journal.Seen(endpoint) == 1, "the call at a worker");
            while (one.Journal.Seen(endpoint) == 0)
            {
                // It went to the other one; it is asked again until it goes over the cable.
                other.Journal.Release();
                await posting;
                other.Journal.Forget();
                other.Journal.Hold();
                posting = flow.PostAsync(endpoint, new Document(endpoint));
                await TestTimeout.UntilAsync(() => one.Journal.Seen(endpoint) + other.Journal.Seen(endpoint) == 1, "the call at a worker");
            }

            other.Journal.Release();
            cable.Cut();
            var reply = await posting.WithTimeout();

            Assert.Equal(isRepeated ? null : FlowErrorCode.Unavailable, reply.Error?.Code);
            Assert.Equal(isRepeated ? 1 : 0, other.Journal.Seen(endpoint));
            one.Journal.Release();
            one.Journal.Forget();
            other.Journal.Forget();
        }
    }

    [Fact]
    public async Task What_an_executor_writes_is_told_by_its_discovery_and_by_that_of_a_flow_before_it()
    {
        await using var worker = await JournalWorker.StartAsync();
        await using var before = await TestWorker.StartAsync($"name: far, external: true, port: {worker.Port}", new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });
        await KnownAsync(before.Flow);

        foreach (var channel in new[] { worker.Channel, before.Channel })
        {
            var told = (await channel.UnaryAsync(JinaMethods.EndpointDiscovery, new Empty())).Schemas.Fields;

            Assert.True(told["/add"].StructValue.Fields["is_write"].BoolValue);
            Assert.False(told["/look"].StructValue.Fields["is_write"].BoolValue);
            Assert.False(told["_jina_dry_run_"].StructValue.Fields["is_write"].BoolValue);
        }
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(", reads: [/search]", true)]
    [InlineData(", reads: '*'", true)]
    [InlineData(", reads: [/other]", false)]
    public async Task Of_an_executor_that_does_not_tell_the_flow_says_what_only_reads(string keys, bool isRepeated)
    {
        using var hold = new ManualResetEventSlim();
        await using var silent = await RelayHost.StartAsync(request =>
        {
            hold.Wait(TimeSpan.FromMinutes(1));
            return request;
        });
        await using var other = await RelayHost.StartAsync();
        await using var cable = new Cable(silent.Port);
        await using var flow = await AskAsync(keys, cable.Port, other.Port);

        var replies = Enumerable.Range(0, 8).Select(_ => flow.PostAsync("/search", new Document("1"))).ToList();
        await TestTimeout.UntilAsync(() => !silent.Came.IsEmpty, "a call over the cable");
        cable.Cut();
        hold.Set();
        var answers = await Task.WhenAll(replies).WithTimeout();

        Assert.Equal(isRepeated, answers.All(reply => reply.Error is null));
    }

    [Fact]
    public async Task A_host_that_falls_silent_costs_no_read_and_is_passed_by()
    {
        await using var one = await JournalWorker.StartAsync();
        await using var other = await JournalWorker.StartAsync();
        await using var cable = new Cable(one.Port);
        await using var flow = await AskAsync(", keepalive: 1000", cable.Port, other.Port);
        await KnownAsync(flow);
        using var stop = new CancellationTokenSource();
        var reading = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(flow, stop.Token)));
        await TestTimeout.UntilAsync(() => one.Journal.Seen("/look") > 0 && other.Journal.Seen("/look") > 0, "calls at both");

        cable.IsSilent = true;
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Ready == 1, "the silence to be noticed");
        Assert.True(flow.Runtime.IsHealthy);
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Peers.All(peer => peer.IsReachable || peer.Outstanding == 0), "the calls there to end");
        cable.IsSilent = false;
        cable.Cut();
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Ready == 2, "it to be back");
        await stop.CancelAsync();

        Assert.All(await reading, Assert.Null);
    }

    [Fact]
    public async Task A_full_replica_is_passed_by_and_when_all_are_full_calls_wait()
    {
        await using var small = await JournalWorker.StartAsync("port: 0, capacity: 1");
        await using var flow = await AskAsync("", small.Port);
        var first = await FillAsync(flow, small);

        var second = flow.PostAsync("/add", new Document("2"));
        await Task.Delay(100);
        Assert.False(second.IsCompleted);
        small.Journal.Release();

        Assert.Null((await first.WithTimeout()).Error);
        Assert.Null((await second.WithTimeout()).Error);
        Assert.Equal(2, small.Journal.Seen("/add"));
    }

    [Fact]
    public async Task A_call_that_may_not_wait_is_told_that_all_are_full()
    {
        await using var small = await JournalWorker.StartAsync("port: 0, capacity: 1");
        await using var flow = await AskAsync("", small.Port);
        var first = await FillAsync(flow, small);

        var refused = await flow.Runtime.SendAsync(
            new FlowKit.Runtime.FlowRequest("/add", [new Document("2")]) { Timeout = TimeSpan.FromMilliseconds(300) }, CancellationToken.None).WithTimeout();

        Assert.Contains(refused.Error!.Code, new[] { FlowErrorCode.ResourceExhausted, FlowErrorCode.DeadlineExceeded });
        small.Journal.Release();
        Assert.Null((await first.WithTimeout()).Error);
        Assert.Equal(1, small.Journal.Seen("/add"));
    }

    [Fact]
    public async Task A_read_that_takes_long_is_asked_of_another_and_the_first_answer_counts()
    {
        await using var one = await JournalWorker.StartAsync();
        await using var other = await JournalWorker.StartAsync();
        await using var flow = await AskAsync(", hedge: 50", one.Port, other.Port);
        await KnownAsync(flow);
        one.Journal.Hold();

        for (var index = 0; index < 8; index++)
        {
            Assert.Null((await flow.PostAsync("/look", new Document($"{index}")).WithTimeout()).Error);
        }

        await TestTimeout.UntilAsync(() => one.Journal.Cancelled == one.Journal.Seen("/look"), "the slower calls to be given up");
        one.Journal.Release();
        Assert.Equal(8, other.Journal.Seen("/look"));
    }

    [Fact]
    public async Task Ready_tells_of_executors_elsewhere()
    {
        var port = FreePort.Find();
        await using var gateway = await TestGateway.StartAsync(
            $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: {port}}}\ngateway: {{port: 0}}\n", new TestFlowOptions { Executors = [typeof(RemoteExecutor)] });

        await TestTimeout.UntilAsync(() => !gateway.Flow.Runtime.IsHealthy, "the missing worker to be noticed");
        using (var response = await gateway.Http.GetAsync("/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            var far = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["executors"]![0]!;
            Assert.Equal((1, 0, "open"), ((int)far["replicas"]!, (int)far["ready"]!, (string)far["circuit"]!));
            Assert.Equal($"127.0.0.1:{port}", ((string)far["peers"]![0]!["address"]!).Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
            Assert.NotNull((string?)far["peers"]![0]!["last_error"]);
        }

        using (var alive = await gateway.Http.GetAsync("/"))
        {
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        }

        await using var worker = await JournalWorker.StartAsync($"port: {port}");
        await TestTimeout.UntilAsync(() => gateway.Flow.Runtime.IsHealthy, "the worker to be noticed");
        using var ready = await gateway.Http.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private static async Task<FlowError?> ReadAsync(TestFlow flow, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if ((await flow.PostAsync("/look", new Document("1")).WithTimeout()).Error is { } error)
            {
                return error;
            }

            await Task.Delay(5, CancellationToken.None);
        }

        return null;
    }

    private static Task<TestFlow> AskAsync(string keys, params int[] ports) => TestFlow.StartAsync(
        $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, port: [{string.Join(", ", ports)}]{keys}}}\n", typeof(RemoteExecutor));

    /// <summary>Has a worker of one place hold a call.</summary>
    /// <returns>The call.</returns>
    private static async Task<Task<FlowKit.Runtime.FlowResponse>> FillAsync(TestFlow flow, JournalWorker worker)
    {
        await KnownAsync(flow);
        worker.Journal.Hold();
        var first = flow.PostAsync("/add", new Document("1"));
        await TestTimeout.UntilAsync(() => worker.Journal.Seen("/add") == 1, "the first");
        return first;
    }

    private static Task KnownAsync(TestFlow flow) => TestTimeout.UntilAsync(() => flow.Runtime.Endpoints.ContainsKey("/look"), "its endpoints");
}
