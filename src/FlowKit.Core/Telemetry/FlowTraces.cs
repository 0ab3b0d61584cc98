using System.Diagnostics;
using FlowKit.Runtime;
using FlowKit.Runtime.Channels;

namespace FlowKit.Telemetry;

/// <summary>
/// The activities of calls. A request goes through channels, in which no context flows: it carries the activity that it came with, and each
/// call is that one's child.
/// </summary>
internal static class FlowTraces
{
    /// <summary>The tag that names the executor of a call.</summary>
    public const string ExecutorTag = "flowkit.executor";

    /// <summary>Returns the activity that requests made now belong to; <see langword="null"/> when nobody listens.</summary>
    public static Activity? Current => FlowTelemetry.Activities.HasListeners() ? Activity.Current : null;

    /// <summary>Starts the activity of a call for one item; <see langword="null"/> when nobody listens.</summary>
    /// <param name="executor">The executor.</param>
    /// <param name="item">What it is called for.</param>
    public static Activity? StartCall(string executor, WorkItem item)
    {
        if (!FlowTelemetry.Activities.HasListeners() || IsLeftOut(item.Request.Trace))
        {
            return null;
        }

        var activity = FlowTelemetry.Activities.StartActivity(executor, ActivityKind.Internal, item.Request.Trace?.Context ?? default);
        return Describe(activity, executor, item.Request.Call.Endpoint, item.Documents.Count);
    }

    /// <summary>
    /// Starts the activity of a call for a batch: a child of its request where there is one, otherwise the first of a trace of its own that
    /// is linked to all.
    /// </summary>
    /// <param name="executor">The executor.</param>
    /// <param name="batch">What it is called for.</param>
    /// <param name="documents">How many documents there are.</param>
    public static Activity? StartBatch(string executor, Batch batch, int documents)
    {
        if (!FlowTelemetry.Activities.HasListeners() || batch.Items.All(item => IsLeftOut(item.Request.Trace)))
        {
            return null;
        }

        return Describe(Start(executor, CallersOf(batch)), executor, batch.Slices[0].Item.Request.Call.Endpoint, documents);
    }

    /// <summary>Tells each request of a batch, whose activity is not theirs, of the call, with a link to it.</summary>
    /// <param name="executor">The executor.</param>
    /// <param name="batch">What it was called for.</param>
    /// <param name="called">The activity of the call, ended.</param>
    public static void TellCallers(string executor, Batch batch, Activity? called)
    {
        // What is captured below is allocated where its method begins: not here, where nobody may listen.
        if (called is not null && CallersOf(batch) is [_, _, ..] callers)
        {
            TellCallers(executor, callers, called);
        }
    }

    private static void TellCallers(string executor, List<ActivityContext> callers, Activity called)
    {
        KeyValuePair<string, object?>[] tags = [new(ExecutorTag, executor)];
        ActivityLink[] links = [new(called.Context)];
        foreach (var caller in callers.Where(caller => caller.SpanId != called.ParentSpanId))
        {
            using var activity = FlowTelemetry.Activities.StartActivity(
                executor, ActivityKind.Internal, caller, tags, links, called.StartTimeUtc);
            activity?.SetEndTime(called.StartTimeUtc + called.Duration);
        }
    }

    /// <summary>
    /// Starts a batch's activity. A sampler that decides by the trace may leave out a trace of its own though it has taken a request of
    /// the batch: then the call belongs to that request, so that no sampled request leads to nothing.
    /// </summary>
    private static Activity? Start(string executor, List<ActivityContext> callers)
    {
        if (callers is [var only])
        {
            return FlowTelemetry.Activities.StartActivity(executor, ActivityKind.Internal, only);
        }

        var own = FlowTelemetry.Activities.StartActivity(
            $"{executor} batch", ActivityKind.Internal, default(ActivityContext), tags: null, LinksTo(callers));
        var sampled = callers.Find(caller => caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
        if (own is { Recorded: true } || sampled == default)
        {
            return own;
        }

        own?.Dispose();
        return FlowTelemetry.Activities.StartActivity(
            executor, ActivityKind.Internal, sampled, tags: null, LinksTo(callers.Where(caller => caller != sampled)));
    }

    private static IEnumerable<ActivityLink> LinksTo(IEnumerable<ActivityContext> callers) =>
        callers.Select(caller => new ActivityLink(caller));

    /// <summary>
    /// Tells whether a request was left out by sampling: so are its calls, without asking a sampler for each. A request without a trace,
    /// or of one that nobody has sampled, is not.
    /// </summary>
    private static bool IsLeftOut(Activity? trace) => trace is { IsAllDataRequested: false };

    private static List<ActivityContext> CallersOf(Batch batch) =>
    [
        .. batch.Items.Select(item => item.Request.Trace).OfType<Activity>().Where(trace => !IsLeftOut(trace))
            .Select(activity => activity.Context).Distinct(),
    ];

    private static Activity? Describe(Activity? activity, string executor, string endpoint, int documents)
    {
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(ExecutorTag, executor);
            activity.SetTag("flowkit.endpoint", endpoint);
            activity.SetTag("flowkit.documents", documents);
        }

        return activity;
    }
}
