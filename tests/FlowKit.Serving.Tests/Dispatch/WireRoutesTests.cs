using FlowKit.Runtime;
using FlowKit.Wire;

namespace FlowKit.Serving.Dispatch;

/// <summary>Jina's clients cut times to milliseconds and divide by the gateway's: no flow is so fast that they divide by zero.</summary>
public sealed class WireRoutesTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 500)]
    [InlineData(9_999, 1)]
    [InlineData(9_990, 10)]
    [InlineData(9_990, 11)]
    [InlineData(9_999, 9_999)]
    [InlineData(5_000, 10_000)]
    [InlineData(1, 123_456_789)]
    public void The_gateways_end_stands_in_a_later_millisecond_and_spans_stay_what_they_were(int start, int ticks)
    {
        var began = s_noon.AddTicks(start);
        RouteTiming[] routes =
        [
            new("gateway", began, began.AddTicks(ticks)), new("a", began, began.AddTicks(ticks / 2)), new("b", began.AddTicks(ticks / 2), null),
        ];

        var written = WireRoutes.Of(routes, error => new WireStatus(1, error.Message));

        Assert.InRange(Milliseconds(written[0].EndTime) - Milliseconds(written[0].StartTime), 1, 1 + (ticks / TimeSpan.TicksPerMillisecond) + 1);
        Assert.InRange((written[0].EndTime - written[0].StartTime)!.Value.Ticks - ticks, 0, TimeSpan.TicksPerMicrosecond);
        Assert.Equal(ticks / 2, (written[1].EndTime - written[1].StartTime)!.Value.Ticks);
        Assert.Null(written[2].EndTime);
        Assert.InRange((written[1].StartTime - routes[1].Start)!.Value.Ticks, 0, TimeSpan.TicksPerMillisecond);
    }

    [Fact]
    public void A_reply_without_routes_has_none() => Assert.Empty(WireRoutes.Of([], error => new WireStatus(1, error.Message)));

    private static long Milliseconds(DateTimeOffset? time) => time!.Value.ToUnixTimeMilliseconds();
}
