using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Autoscaling;

namespace FlowKit.Orchestration.Swarm;

/// <summary>The labels of a service whose replicas are to follow its load, by which <c>flowkit autoscale</c> finds it.</summary>
internal static class AutoscaleLabels
{
    /// <summary>The label that holds the limits, with the keys of a flow's file, as JSON.</summary>
    public const string Limits = "flowkit.autoscale";

    /// <summary>The label that holds the executor's name in the flow.</summary>
    public const string Executor = "flowkit.executor";

    private static readonly AutoscaleConfig s_defaults = new(1, 1);

    /// <summary>Writes the labels.</summary>
    /// <param name="executor">The executor's name.</param>
    /// <param name="limits">Its limits.</param>
    public static JsonObject Write(string executor, AutoscaleConfig limits)
    {
        var keys = new JsonObject { ["min"] = Math.Max(1, limits.Min), ["max"] = limits.Max, ["target"] = limits.Target };
        if (limits.TargetWait is { } wait)
        {
            keys["target_wait"] = (long)wait.TotalMilliseconds;
        }

        if (limits.StabilizationWindow != s_defaults.StabilizationWindow)
        {
            keys["stabilization_window"] = (long)limits.StabilizationWindow.TotalMilliseconds;
        }

        // A dollar would be taken for the engine's own variable; there is none in numbers.
        return new JsonObject { [Executor] = executor, [Limits] = keys.ToJsonString() };
    }

    /// <summary>Reads the limits.</summary>
    /// <param name="label">The label's value.</param>
    /// <returns><see langword="null"/> where it is not what <see cref="Write"/> writes.</returns>
    public static AutoscaleConfig? Read(string label)
    {
        try
        {
            return JsonNode.Parse(label) is JsonObject keys
                && keys["min"] is { } min && keys["max"] is { } max && keys["target"] is { } target
                ? new AutoscaleConfig((int)min, (int)max)
                {
                    Target = (double)target,
                    TargetWait = Time(keys["target_wait"]),
                    StabilizationWindow = Time(keys["stabilization_window"]) ?? s_defaults.StabilizationWindow,
                }
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static TimeSpan? Time(JsonNode? milliseconds) => milliseconds is null
        ? null
        : TimeSpan.FromTicks(Math.Min((long)milliseconds, long.MaxValue / TimeSpan.TicksPerMillisecond) * TimeSpan.TicksPerMillisecond);
}
