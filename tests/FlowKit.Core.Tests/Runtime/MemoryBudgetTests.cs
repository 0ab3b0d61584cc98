using FlowKit.Configuration.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Runtime;

public sealed class MemoryBudgetTests
{
    private readonly MemoryBudget _budget = new(MemoryLimit.OfBytes(1000), TimeProvider.System);

    [Fact]
    public void What_fits_is_taken_and_given_back_once()
    {
        var share = new MemoryShare(_budget);

        Assert.Null(share.TryTake(600, "The body"));
        share.Return(100);
        Assert.Equal((500, 500), (share.Bytes, _budget.Used));
        share.Dispose();
        share.Dispose();
        share.Return(500);

        Assert.Equal((0, 0), (_budget.Used, _budget.Refused));
    }

    [Fact]
    public void What_does_not_fit_now_may_come_again_and_what_never_does_may_not()
    {
        using var other = new MemoryShare(_budget);
        using var share = new MemoryShare(_budget);
        other.Take(600, "The body");

        var later = share.TryTake(500, "The body")!;
        var never = share.TryTake(1001, "The body")!;
        share.Take(300, "The body");
        var more = share.TryTake(701, "The reply")!;

        Assert.Equal((FlowErrorCode.ResourceExhausted, TimeSpan.FromSeconds(1)), (later.Code, later.RetryAfter));
        Assert.Contains("The body needs 500 bytes", later.Message, StringComparison.Ordinal);
        Assert.Contains("400 are free", later.Message, StringComparison.Ordinal);
        Assert.Equal(((FlowErrorCode, TimeSpan?))(FlowErrorCode.PayloadTooLarge, null), (never.Code, never.RetryAfter));
        Assert.Equal(FlowErrorCode.PayloadTooLarge, more.Code);
        Assert.Contains("The reply needs 1001 bytes of memory with what the request holds already", more.Message, StringComparison.Ordinal);
        Assert.Equal((900, 3), (_budget.Used, _budget.Refused));
    }

    [Fact]
    public async Task One_that_grows_waits_for_others_and_who_comes_meanwhile_is_refused()
    {
        var time = new FakeTimeProvider();
        var budget = new MemoryBudget(MemoryLimit.OfBytes(1000), time);
        var (first, second, third) = (new MemoryShare(budget, 0), new MemoryShare(budget, 0), new MemoryShare(budget, 0));
        first.Take(600, "The body");
        second.Take(300, "The body");

        var waiting = second.TryTakeAsync(200, "The body", CancellationToken.None).AsTask();
        var refused = third.TryTakeAsync(200, "The body", CancellationToken.None);
        var fitting = third.TryTakeAsync(100, "The body", CancellationToken.None);
        Assert.Equal(FlowErrorCode.ResourceExhausted, (await refused)!.Code);
        Assert.Null(await fitting);
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.False(waiting.IsCompleted);
        first.Dispose();
        time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Null(await waiting.WithTimeout());
        Assert.Equal((500, 600, 1), (second.Bytes, budget.Used, budget.Refused));
    }

    [Fact]
    public async Task One_that_waits_in_vain_is_refused_and_then_another_may_wait()
    {
        var time = new FakeTimeProvider();
        var budget = new MemoryBudget(MemoryLimit.OfBytes(1000), time);
        var (first, second) = (new MemoryShare(budget, 0), new MemoryShare(budget, 0));
        first.Take(900, "The body");

        for (var turn = 0; turn < 2; turn++)
        {
            var waiting = second.TryTakeAsync(200, "The body", CancellationToken.None).AsTask();
            Assert.False(waiting.IsCompleted);
            await TestTimeout.UntilAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(20));
                    return waiting.IsCompleted;
                },
                "the refusal");
            Assert.Equal(FlowErrorCode.ResourceExhausted, (await waiting)!.Code);
        }

        Assert.Equal(FlowErrorCode.PayloadTooLarge, (await second.TryTakeAsync(1001, "The body", CancellationToken.None))!.Code);
        using var leaving = new CancellationTokenSource();
        var left = second.TryTakeAsync(200, "The body", leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
    }

    [Fact]
    public void Who_has_ended_takes_nothing()
    {
        var share = new MemoryShare(_budget);
        share.Dispose();

        Assert.Equal(FlowErrorCode.Cancelled, share.TryTake(1, "The image")!.Code);
        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public void What_is_moved_is_the_others_to_give_back()
    {
        var from = new MemoryShare(_budget);
        var to = new MemoryShare(_budget);
        var ended = new MemoryShare(_budget);
        from.Take(600, "The image");
        ended.Dispose();

        Assert.Equal((200, 0), (from.MoveTo(to, 200), from.MoveTo(ended, 100)));
        Assert.Equal((300, 200, 500), (from.Bytes, to.Bytes, _budget.Used));
        from.Dispose();
        Assert.Equal(200, _budget.Used);
        to.Dispose();
        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public void A_share_is_of_what_there_is()
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

        Assert.InRange(new MemoryBudget(MemoryLimit.OfShare(50), TimeProvider.System).Limit, available / 2 - 100, available / 2);
    }

    [Fact]
    public async Task Many_at_once_never_take_more_than_there_is()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 5000; i++)
            {
                using var share = new MemoryShare(_budget);
                if (share.TryTake(random.Next(1, 400), "The body") is null)
                {
                    Assert.InRange(_budget.Used, 1, 1000);
                    share.Return(random.Next(1, 100));
                }
            }
        })));

        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_small_request()
    {
        using var share = new MemoryShare(_budget);
        share.TryTake(1, "The body");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            share.TryTake(10, "The body");
            share.Return(10);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
