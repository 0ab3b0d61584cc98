using FlowKit.Runtime;
using FlowKit.Wire;

namespace FlowKit.Serving.Dispatch;

/// <summary>
/// The routes of a reply as Jina's clients read them: they cut times to milliseconds and divide by what the gateway took, so that its end
/// stands in a later millisecond than its start. All times move together for that, by less than one, and every span stays what it was.
/// </summary>
internal static class WireRoutes
{
    /// <summary>The shortest span that both forms of JSON can show.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromMicroseconds(1);

    /// <summary>Makes the routes.</summary>
    /// <param name="routes">The gateway's first.</param>
    /// <param name="status">Makes the status of a failure.</param>
    public static WireRoute[] Of(IReadOnlyList<RouteTiming> routes, Func<FlowError, WireStatus> status)
    {
        if (routes.Count == 0)
        {
            return [];
        }

        var shift = ShiftOf(routes[0]);
        var result = new WireRoute[routes.Count];
        for (var at = 0; at < result.Length; at++)
        {
            var route = routes[at];
            var (start, end) = (route.Start + shift, route.End + shift);
            result[at] = new WireRoute(
                route.Executor,
                at == 0 && end - start < s_shortest ? end - s_shortest : start,
                end,
                route.Error is null ? null : status(route.Error));
        }

        return result;
    }

    private static TimeSpan ShiftOf(RouteTiming gateway)
    {
        var end = gateway.End ?? gateway.Start;
        var intoMillisecond = TimeSpan.FromTicks(end.UtcTicks % TimeSpan.TicksPerMillisecond);
        var crosses = end - gateway.Start > intoMillisecond && end - gateway.Start >= s_shortest;
        return crosses ? TimeSpan.Zero : TimeSpan.FromMilliseconds(1) - intoMillisecond;
    }
}
