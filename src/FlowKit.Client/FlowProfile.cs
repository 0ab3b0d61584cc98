using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>
/// The time of one round trip in its parts, by the routes of its reply. Network, gateway and executors add up to the total.
/// </summary>
/// <param name="Total">The time from sending to the whole reply, measured by the client.</param>
/// <param name="Network">
/// The time that the gateway did not see: the way there and back, with writing and reading the message on both sides.
/// </param>
/// <param name="Queue">The time in the gateway, but in no executor.</param>
/// <param name="Busy">The time in at least one executor.</param>
/// <param name="Executors">Each executor; those of parallel branches overlap.</param>
public sealed record FlowProfile(TimeSpan Total, TimeSpan Network, TimeSpan Queue, TimeSpan Busy, IReadOnlyList<ExecutorProfile> Executors)
{
    internal static FlowProfile Of(IReadOnlyList<WireRoute> routes, TimeSpan total)
    {
        if (routes.Count == 0 || routes[0] is not { StartTime: { } arrived, EndTime: { } left })
        {
            return new FlowProfile(total, total, TimeSpan.Zero, TimeSpan.Zero, []);
        }

        var executors = routes.Skip(1).Select(route => new ExecutorProfile(
            route.Executor,
            (route.StartTime ?? arrived) - arrived,
            route is { StartTime: { } start, EndTime: { } end } ? end - start : TimeSpan.Zero)).ToList();
        var inside = left - arrived < total ? left - arrived : total;
        var busy = Cover(executors);
        busy = busy < inside ? busy : inside;
        return new FlowProfile(total, total - inside, inside - busy, busy, executors);
    }

    /// <summary>Returns the time in which at least one was at work.</summary>
    private static TimeSpan Cover(List<ExecutorProfile> executors)
    {
        var (covered, until) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var executor in executors.OrderBy(executor => executor.Start))
        {
            var from = executor.Start > until ? executor.Start : until;
            var end = executor.Start + executor.Duration;
            if (end > from)
            {
                covered += end - from;
                until = end;
            }
        }

        return covered;
    }
}
