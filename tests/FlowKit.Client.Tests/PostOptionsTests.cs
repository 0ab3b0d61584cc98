using System.Collections.Concurrent;
using FlowKit.TestKit;

namespace FlowKit.Client.Tests;

public sealed class PostOptionsTests
{
    private static readonly PostOptions s_quick = new() { RequestSize = 1, InitialBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(2) };

    [Fact]
    public async Task Callbacks_and_progress_are_told_of_every_reply()
    {
        await using var served = await ServedFlow.StartAsync();
        served.Script.On("first", call => call.Documents[0].Text == "bad" ? throw new InvalidOperationException("it broke") : default);
        await using var client = served.Connect();
        var calls = new ConcurrentQueue<string>();
        var progress = new ConcurrentQueue<int>();

        await client.PostAsync("/run", Inputs.Texts("good", "bad", "good"), s_quick with
        {
            Prefetch = 1,
            OnDone = _ => calls.Enqueue("done"),
            OnError = reply => calls.Enqueue(reply.Status!.Message),
            OnAlways = _ => calls.Enqueue("always"),
            Progress = new Told(progress.Enqueue),
        }).ToListAsync();

        Assert.Equal(["done", "always", "it broke", "always", "done", "always"], calls);
        Assert.Equal([1, 2, 3], progress);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task A_request_is_tried_as_often_as_it_may_be(int attempts, bool succeeds)
    {
        await using var served = await ServedFlow.StartAsync();
        var calls = 0;
        served.Script.On("first", _ => Interlocked.Increment(ref calls) < 3 ? throw new FlowKitException(FlowErrorCode.Unavailable, "away") : default);
        await using var client = served.Connect();

        var post = client.PostAsync("/index", [new Document()], s_quick with { MaxAttempts = attempts });

        if (succeeds)
        {
            Assert.Null((await post).Status);
        }
        else
        {
            Assert.Equal(FlowErrorCode.Unavailable, (await Assert.ThrowsAsync<FlowKitException>(() => post)).Error.Code);
        }

        Assert.Equal(attempts, calls);
    }

    [Fact]
    public async Task What_can_never_work_is_not_tried_again()
    {
        await using var served = await ServedFlow.StartAsync();
        await using var client = served.Connect();
        var replies = 0;

        await Assert.ThrowsAsync<FlowKitException>(() => client.PostAsync("/run", [new Document()], s_quick with { MaxAttempts = 5, TargetExecutor = "(", OnAlways = _ => replies++ }));

        Assert.Equal(0, replies);
    }

    [Fact]
    public async Task Errors_stop_the_post_unless_it_is_to_go_on()
    {
        await using var served = await ServedFlow.StartAsync();
        served.Script.On("first", call => call.Documents[0].Text == "1" ? throw new FlowKitException(FlowErrorCode.Unavailable, "away") : default);
        await using var client = served.Connect();

        var strict = client.PostAsync("/run", Inputs.Texts("0", "1", "2"), s_quick);
        var lax = await client.PostAsync("/run", Inputs.Texts("0", "1", "2"), s_quick with { ContinueOnError = true }).ToListAsync();

        await Assert.ThrowsAsync<FlowKitException>(async () => await strict.ToListAsync());
        Assert.Equal([null, 1, null], lax.Select(reply => reply.Status?.Code));
        Assert.Contains("away", lax[1].Status!.Message, StringComparison.Ordinal);
        Assert.Equal("1", lax[1].Documents[0].Text);
    }

    [Fact]
    public async Task Leaving_the_replies_cancels_what_is_under_way()
    {
        await using var served = await ServedFlow.StartAsync();
        using var gate = new ManualGate();
        served.Script.On("first", call => call.Documents[0].Text == "0" ? default : gate.PassAsync(call.Token));
        await using var client = served.Connect();

        await foreach (var _ in client.PostAsync("/run", Inputs.Texts("0", "1", "2", "3"), s_quick with { Prefetch = 3 }))
        {
            break;
        }

        await TestTimeout.UntilAsync(() => served.InFlight == 0, "the flow to be empty");
    }

    [Fact]
    public void The_wait_grows_as_in_Jina()
    {
        var options = new PostOptions { InitialBackoff = TimeSpan.FromSeconds(0.5), MaxBackoff = TimeSpan.FromSeconds(2), BackoffMultiplier = 1.5 };

        Assert.Equal(0.5, Retries.Backoff(1, options, 0.1).TotalSeconds, 6);
        Assert.Equal(0.75, Retries.Backoff(2, options, 1).TotalSeconds, 6);
        Assert.Equal(0.375, Retries.Backoff(2, options, 0.5).TotalSeconds, 6);
        Assert.Equal(1.125, Retries.Backoff(3, options, 1).TotalSeconds, 6);
        Assert.Equal(2, Retries.Backoff(10, options, 1).TotalSeconds, 6);
    }

    private sealed class Told(Action<int> tell) : IProgress<int>
    {
        public void Report(int value) => tell(value);
    }
}
