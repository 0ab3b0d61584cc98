using FlowKit.Components;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Ipc;

/// <summary>Calls of a worker over connections, which go as they do over gRPC.</summary>
[Collection(nameof(TestIpc))]
public sealed class IpcTests
{
    private static readonly TimeSpan s_onTheSpot = TimeSpan.MaxValue;

    [Executor("Matrix")]
    public sealed class Matrix : Executor
    {
        [Requests("/join")]
        public object Join(IReadOnlyDictionary<string, DocumentArray> map) =>
            map.ToDictionary(pair => pair.Key, pair => string.Join(",", pair.Value.Select(document => document.Id)));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1024, true)]
    [InlineData(65_000, true)]
    [InlineData(66_000, true)]
    [InlineData(786_432, true)]
    [InlineData(786_432, false)]
    [InlineData(20_000_000, true)]
    [InlineData(20_000_000, false)]
    public async Task Documents_of_every_size_come_back_as_they_were_sent(int size, bool sharesMemory)
    {
        await using var connection = await TestIpc.StartAsync();
        var client = connection.Client(sharesMemory ? null : IpcOptions.Default with { SharedLimit = 0 });
        for (var turn = 0; turn < 3; turn++)
        {
            var bytes = TestIpc.Bytes(size + turn);

            var answer = await client.InvokeAsync(TestIpc.Call([new Document("1") { Text = "one" }, new Document("2") { Blob = bytes }]));

            Assert.Equal(["1", "2"], answer.Documents!.Select(document => document.Id));
            Assert.Equal("one", answer.Documents![0].Text);
            Assert.Equal(bytes, (answer.Documents![1].Blob ?? default).ToArray());
        }

        Assert.Equal(1, connection.Host.Connections);
    }

    [Fact]
    public async Task Results_and_errors_are_those_of_the_executor()
    {
        await using var connection = await TestIpc.StartAsync(call => call.Documents[0].Id switch
        {
            "bad" => throw new FlowKitException(FlowErrorCode.InvalidArgument, "no pixels"),
            "worse" => throw new FormatException("not like this"),
            _ => new ValueTask<object?>(new { Count = 3 }),
        });
        var client = connection.Client();

        var answer = await client.InvokeAsync(TestIpc.Call([new Document("good")]));
        var bad = await Assert.ThrowsAsync<FlowKitException>(() => client.InvokeAsync(TestIpc.Call([new Document("bad")])).AsTask());
        var worse = await Assert.ThrowsAsync<FlowKitException>(() => client.InvokeAsync(TestIpc.Call([new Document("worse")])).AsTask());

        Assert.Equal(3, (double)answer.Results!["a/rep-0"]!["count"]!);
        Assert.Equal(new FlowError(FlowErrorCode.InvalidArgument, "no pixels") { Executor = "a" }, bad.Error);
        Assert.Equal((FlowErrorCode.Internal, "not like this", nameof(FormatException)), (worse.Error.Code, worse.Error.Message, worse.Error.ExceptionName));
    }

    [Fact]
    public async Task Parts_come_as_parts()
    {
        await using var connection = await TestIpc.StartAsync(typeof(Matrix));
        DocumentArray[] parts = [[new Document("1"), new Document("2")], [new Document("3")]];

        var answer = await connection.Client().InvokeAsync(TestIpc.Call([.. parts.SelectMany(part => part)], "/join") with { Parts = new PartMatrix(["left", "right"], parts) });

        Assert.Equal(("1,2", "3"), ((string?)answer.Results!["a/rep-0"]!["left"], (string?)answer.Results["a/rep-0"]!["right"]));
    }

    [Fact]
    public async Task Calls_at_once_have_a_line_each_and_their_own_answers()
    {
        await using var connection = await TestIpc.StartAsync(
            async call =>
            {
                await Task.Delay(5);
                call.Documents[0].Text += "!";
                return null;
            },
            ", replicas: 4");
        var client = connection.Client();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            var bytes = TestIpc.Bytes(number * 3000);
            var answer = await client.InvokeAsync(TestIpc.Call([new Document { Text = $"{number}" }, new Document { Blob = bytes }]));
            return (Expected: $"{number}!", answer.Documents![0].Text, Sent: bytes, answer.Documents[1].Blob);
        })).WithTimeout();

        Assert.All(answers, answer => Assert.Equal(answer.Expected, answer.Text));
        Assert.All(answers, answer => Assert.Equal(answer.Sent, (answer.Blob ?? default).ToArray()));
        Assert.InRange(connection.Host.Connections, 2, 100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Giving_up_cancels_the_call_in_the_worker(bool onTheSpot)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await TestIpc.StartAsync(
            async call =>
            {
                if (call.Documents[0].Id == "next")
                {
                    return null;
                }

                began.TrySetResult();
                if (onTheSpot)
                {
                    call.Token.WaitHandle.WaitOne(TestTimeout.Limit);
                }
                else
                {
                    await Task.Delay(Timeout.Infinite, call.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                cancelled.TrySetResult();
                return null;
            },
            shortCall: onTheSpot ? s_onTheSpot : default);
        var client = connection.Client();
        using var giving = new CancellationTokenSource();

        var asking = Task.Run(() => client.InvokeAsync(TestIpc.Call([new Document("1")], cancellationToken: giving.Token)).AsTask());
        await began.Task.WithTimeout();
        await giving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WithTimeout());
        await cancelled.Task.WithTimeout();
        Assert.Single((await client.InvokeAsync(TestIpc.Call([new Document("next")])).AsTask().WithTimeout()).Documents!);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_ends_at_its_deadline_on_both_sides()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await TestIpc.StartAsync(async call =>
        {
            call.Token.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, call.Token);
            return null;
        });

        var late = await Assert.ThrowsAsync<FlowKitException>(() => connection.Client().InvokeAsync(TestIpc.Call([new Document("1")], timeout: TimeSpan.FromSeconds(2))).AsTask().WithTimeout());

        Assert.Equal(FlowErrorCode.DeadlineExceeded, late.Error.Code);
        await cancelled.Task.WithTimeout();
    }

    [Fact]
    public async Task A_full_worker_refuses_and_says_when_to_come_again()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await TestIpc.StartAsync(
            async _ =>
            {
                await gate.Task;
                return null;
            },
            gateway: "port: 0, capacity: 1");
        var client = connection.Client();
        var first = client.InvokeAsync(TestIpc.Call([new Document("1")])).AsTask();
        await TestTimeout.UntilAsync(() => connection.Flow.Runtime.InFlight == 1, "the first call");

        var refused = await Assert.ThrowsAsync<FlowKitException>(() => client.InvokeAsync(TestIpc.Call([new Document("2")])).AsTask().WithTimeout());
        gate.SetResult();

        Assert.Equal((FlowErrorCode.ResourceExhausted, "a"), (refused.Error.Code, refused.Error.Executor));
        Assert.InRange(refused.Error.RetryAfter!.Value.TotalSeconds, 1, 60);
        Assert.Contains("The flow already holds 1 requests (gateway.capacity).", refused.Error.Message, StringComparison.Ordinal);
        Assert.Single((await first.WithTimeout()).Documents!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_larger_than_allowed_is_refused_and_the_line_goes_on(bool sharesMemory)
    {
        await using var connection = await TestIpc.StartAsync(gateway: "port: 0, max_request_size: 100000");
        var client = connection.Client(sharesMemory ? null : IpcOptions.Default with { SharedLimit = 0 });

        var refused = await Assert.ThrowsAsync<FlowKitException>(() => client.InvokeAsync(TestIpc.Call([new Document("1") { Blob = TestIpc.Bytes(5_000_000) }])).AsTask().WithTimeout());

        Assert.Equal(FlowErrorCode.ResourceExhausted, refused.Error.Code);
        Assert.Contains("is larger than the limit of 100000 bytes", refused.Error.Message, StringComparison.Ordinal);
        Assert.Single((await client.InvokeAsync(TestIpc.Call([new Document("2")])).AsTask().WithTimeout()).Documents!);
        Assert.Equal(1, connection.Host.Connections);
    }

    [Fact]
    public async Task Stopping_answers_what_is_asked_and_takes_nothing_more()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await TestIpc.StartAsync(async call =>
        {
            await (call.Documents[0].Id == "slow" ? gate.Task : Task.CompletedTask);
            return null;
        });
        var client = connection.Client();
        var slow = client.InvokeAsync(TestIpc.Call([new Document("slow")])).AsTask();
        await TestTimeout.UntilAsync(() => connection.Flow.Runtime.InFlight == 1, "the slow call");

        var stopping = connection.Host.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        gate.SetResult();

        Assert.Single((await slow.WithTimeout()).Documents!);
        await stopping.WithTimeout();
        var gone = await Assert.ThrowsAsync<FlowKitException>(() => client.InvokeAsync(TestIpc.Call([new Document("late")])).AsTask().WithTimeout());
        Assert.Equal(FlowErrorCode.Unavailable, gone.Error.Code);
    }

    [Fact]
    public async Task Lines_that_nobody_uses_are_closed_with_their_memory()
    {
        var before = TestIpc.Memories;
        var time = new FakeTimeProvider();
        await using var connection = await TestIpc.StartAsync();
        var client = connection.Client(time: time);
        await client.InvokeAsync(TestIpc.Call([new Document("1") { Blob = TestIpc.Bytes(1_000_000) }]));
        Assert.Equal(1, connection.Host.Connections);
        Assert.True(TestIpc.Memories > before, "memory is shared");

        time.Advance(IpcOptions.Default.IdleLimit);
        time.Advance(IpcOptions.Default.IdleLimit);

        await TestTimeout.UntilAsync(() => connection.Host.Connections == 0 && TestIpc.Memories == before, "the end of the idle connection");
        Assert.Single((await client.InvokeAsync(TestIpc.Call([new Document("2")]))).Documents!);
    }
}
