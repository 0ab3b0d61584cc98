using FlowKit.Configuration.Autoscaling;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Runtime.Autoscaling;

/// <summary>The decision by itself: a second goes by before each.</summary>
public sealed class AutoscalePolicyTests
{
    private readonly FakeTimeProvider _time = new();

    private int Decide(AutoscalePolicy policy, int replicas, double inFlight, double waitMs = 0, bool isUsed = true)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return policy.Decide(replicas, new PoolLoad(inFlight, TimeSpan.FromMilliseconds(waitMs), isUsed)).Replicas;
    }

    private AutoscalePolicy Policy(AutoscaleConfig? config = null) => new(config ?? new AutoscaleConfig(1, 8), _time);

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(1, 2.19, 1)]
    [InlineData(1, 2.3, 2)]
    [InlineData(1, 7.1, 4)]
    [InlineData(2, 4.3, 2)]
    [InlineData(2, 5, 3)]
    [InlineData(1, 1000, 8)]
    [InlineData(4, 8.7, 4)]
    public void More_come_at_once_as_the_load_over_the_target_says_within_a_tolerance(int replicas, double inFlight, int expected) =>
        Assert.Equal(expected, Decide(Policy(), replicas, inFlight));

    [Fact]
    public void Some_go_when_no_more_were_wanted_for_the_window()
    {
        var policy = Policy();
        Assert.Equal(4, Decide(policy, 1, 8));
        for (var second = 1; second < 30; second++)
        {
            Assert.Equal(4, Decide(policy, 4, 3));
        }

        Assert.Equal(2, Decide(policy, 4, 3));
        Assert.Equal(2, Decide(policy, 2, 3));
    }

    [Fact]
    public void A_load_that_comes_and_goes_faster_than_the_window_changes_nothing()
    {
        var policy = Policy();
        var replicas = Decide(policy, 1, 8);
        var changes = 0;
        for (var second = 0; second < 600; second++)
        {
            var next = Decide(policy, replicas, second % 20 < 10 ? 0.5 : 8);
            changes += next == replicas ? 0 : 1;
            replicas = next;
        }

        Assert.Equal((4, 0), (replicas, changes));
    }

    [Fact]
    public void The_number_at_the_start_and_one_that_an_operator_sets_hold_for_a_window()
    {
        var policy = Policy();
        Assert.Equal(3, Decide(policy, 3, 0));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, Decide(policy, 3, 0));
        Assert.Equal(6, Decide(policy, 6, 0));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, Decide(policy, 6, 0));
    }

    [Fact]
    public void A_wait_over_its_target_at_most_doubles_them_and_one_below_holds_nothing()
    {
        var policy = Policy(new AutoscaleConfig(1, 16) { TargetWait = TimeSpan.FromMilliseconds(100) });
        Assert.Equal(2, Decide(policy, 1, 1, waitMs: 5000));
        Assert.Equal(4, Decide(policy, 2, 1, waitMs: 200));
        Assert.Equal(5, Decide(policy, 4, 1, waitMs: 120));
        Assert.Equal(5, Decide(policy, 5, 1, waitMs: 105));
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(1, Decide(policy, 5, 1, waitMs: 3));
    }

    [Fact]
    public void The_last_goes_when_nobody_called_for_the_cool_down_and_one_comes_as_soon_as_somebody_waits()
    {
        var policy = Policy(new AutoscaleConfig(0, 4) { CooldownPeriod = TimeSpan.FromSeconds(10) });
        for (var second = 1; second < 10; second++)
        {
            Assert.Equal(1, Decide(policy, 1, 0, isUsed: false));
        }

        Assert.Equal(1, Decide(policy, 1, 0));
        for (var second = 1; second < 10; second++)
        {
            Assert.Equal(1, Decide(policy, 1, 0, isUsed: false));
        }

        Assert.Equal(0, Decide(policy, 1, 0, isUsed: false));
        Assert.Equal(0, Decide(policy, 0, 0, isUsed: false));
        Assert.Equal(1, Decide(policy, 0, 1));
        Assert.Equal(0, Decide(policy, 0, 0, isUsed: false));
        Assert.Equal(3, Decide(policy, 0, 6));
    }

    [Fact]
    public void Fewer_than_the_least_become_as_many()
    {
        var policy = Policy(new AutoscaleConfig(2, 4));
        Assert.Equal(2, Decide(policy, 1, 0));
        Assert.Equal(2, Decide(policy, 0, 0, isUsed: false));
        Assert.Equal(4, Decide(policy, 9, 30));
    }

    [Fact]
    public void The_reason_names_what_was_measured_and_what_was_wanted()
    {
        var policy = Policy(new AutoscaleConfig(0, 8) { TargetWait = TimeSpan.FromMilliseconds(100), Target = 1.5 });

        Assert.Equal(
            "6 calls under way or waiting, 1.5 for each replica are the target",
            policy.Decide(1, new PoolLoad(6, TimeSpan.Zero, true)).Reason);
        Assert.Equal("the oldest request waited 300 ms, 100 are the target", policy.Decide(4, new PoolLoad(6, TimeSpan.FromMilliseconds(300), true)).Reason);
        Assert.Equal("a request waits", policy.Decide(0, new PoolLoad(1, TimeSpan.Zero, true)).Reason);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("no call for 30 s", policy.Decide(1, new PoolLoad(0, TimeSpan.Zero, false)).Reason);
    }
}
