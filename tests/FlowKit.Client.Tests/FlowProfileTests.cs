using FlowKit.Wire;

namespace FlowKit.Client.Tests;

/// <summary>Where the time of a round trip went, by the routes of its reply.</summary>
public sealed class FlowProfileTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Executors_that_overlap_are_counted_once()
    {
        var profile = FlowProfile.Of([Route("gateway", 0, 100), Route("a", 10, 50), Route("b", 30, 70), Route("inner", 35, 40), Route("c", 80, 90)], Ms(120));

        Assert.Equal((Ms(120), Ms(20), Ms(30), Ms(70)), (profile.Total, profile.Network, profile.Queue, profile.Busy));
        Assert.Equal([("a", Ms(10), Ms(40)), ("b", Ms(30), Ms(40)), ("inner", Ms(35), Ms(5)), ("c", Ms(80), Ms(10))], profile.Executors.Select(executor => (executor.Executor, executor.Start, executor.Duration)));
    }

    [Fact]
    public void A_gateway_whose_clock_is_slower_takes_no_more_than_the_whole()
    {
        var profile = FlowProfile.Of([Route("gateway", 0, 100), Route("a", 0, 90)], Ms(60));

        Assert.Equal((Ms(0), Ms(0), Ms(60)), (profile.Network, profile.Queue, profile.Busy));
    }

    [Fact]
    public void A_route_without_times_takes_none()
    {
        var profile = FlowProfile.Of([Route("gateway", 0, 100), Route("a", null, null), Route("b", 20, null)], Ms(100));

        Assert.Equal([("a", Ms(0), Ms(0)), ("b", Ms(20), Ms(0))], profile.Executors.Select(executor => (executor.Executor, executor.Start, executor.Duration)));
        Assert.Equal(Ms(100), profile.Queue);
    }

    [Fact]
    public void Without_the_gateways_own_route_all_is_the_way()
    {
        Assert.Equal((Ms(9), Ms(9)), (FlowProfile.Of([], Ms(9)).Total, FlowProfile.Of([], Ms(9)).Network));
        Assert.Equal(Ms(9), FlowProfile.Of([Route("gateway", 5, null)], Ms(9)).Network);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static WireRoute Route(string executor, int? start, int? end) => new(executor, start is { } from ? s_start + Ms(from) : null, end is { } to ? s_start + Ms(to) : null, null);
}
