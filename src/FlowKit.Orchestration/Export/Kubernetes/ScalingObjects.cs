using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Autoscaling;
using FlowKit.Orchestration.Export.Plan;

namespace FlowKit.Orchestration.Export.Kubernetes;

/// <summary>The objects that say how many pods there are, and how they are replaced.</summary>
internal static class ScalingObjects
{
    /// <summary>
    /// The metric that executors are scaled by: requests under way. It is made of the time that requests took: of those that are under way
    /// for a second each adds a second.
    /// </summary>
    public const string InFlight = "flowkit_requests_in_flight";

    private const string Series = "jina_receiving_request_seconds_sum";
    private const int Growth = 4;

    /// <summary>The longest window that Kubernetes takes.</summary>
    private const double MaxWindow = 3600;

    /// <summary>Kubernetes' and KEDA's own.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);

    /// <summary>A HorizontalPodAutoscaler over requests under way.</summary>
    public static JsonObject ByRequests(ObjectNames names, ExecutorUnit unit, ExportOptions options) => Autoscaler(
        names,
        unit.Name,
        LimitsOf(unit, options),
        new JsonObject
        {
            ["type"] = "Pods",
            ["pods"] = new JsonObject
            {
                ["metric"] = new JsonObject { ["name"] = InFlight },
                ["target"] = new JsonObject
                {
                    ["type"] = "AverageValue",
                    ["averageValue"] = Quantity(LimitsOf(unit, options).Target),
                },
            },
        });

    /// <summary>A HorizontalPodAutoscaler over the time of processors.</summary>
    public static JsonObject ByProcessor(ObjectNames names, string name, int min, int max) => Autoscaler(
        names,
        name,
        new AutoscaleConfig(min, max) { StabilizationWindow = s_window },
        new JsonObject
        {
            ["type"] = "Resource",
            ["resource"] = new JsonObject
            {
                ["name"] = "cpu",
                ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 70 },
            },
        });

    /// <summary>KEDA's ScaledObject over the same metric, asked of Prometheus itself.</summary>
    public static JsonObject ByKeda(ObjectNames names, ExecutorUnit unit, Uri prometheus, ExportOptions options)
    {
        var limits = LimitsOf(unit, options);
        var scaled = names.Object("keda.sh/v1alpha1", "ScaledObject", unit.Name, unit.Name);
        scaled["spec"] = new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["name"] = unit.Name },
            ["minReplicaCount"] = limits.Min,
            ["maxReplicaCount"] = limits.Max,
            ["cooldownPeriod"] = Seconds(s_window),
            ["triggers"] = new JsonArray(new JsonObject
            {
                ["type"] = "prometheus",
                ["metricType"] = "AverageValue",
                ["metadata"] = new JsonObject
                {
                    ["serverAddress"] = prometheus.ToString(),
                    ["query"] = $$"""sum(rate({{Series}}{namespace="{{names.Namespace}}",pod=~"{{unit.Name}}-.*"}[1m]))""",
                    ["threshold"] = limits.Target.ToString(CultureInfo.InvariantCulture),
                },
            }),
        };
        return scaled;
    }

    /// <summary>The values of Prometheus' adapter that make the metric.</summary>
    public static JsonObject AdapterRules() => new()
    {
        ["rules"] = new JsonObject
        {
            ["custom"] = new JsonArray(new JsonObject
            {
                ["seriesQuery"] = $$"""{{Series}}{namespace!="",pod!=""}""",
                ["resources"] = new JsonObject
                {
                    ["overrides"] = new JsonObject
                    {
                        ["namespace"] = new JsonObject { ["resource"] = "namespace" },
                        ["pod"] = new JsonObject { ["resource"] = "pod" },
                    },
                },
                ["name"] = new JsonObject { ["as"] = InFlight },
                ["metricsQuery"] = "sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)",
            }),
        },
    };

    /// <summary>No more than one pod goes at a time when nodes are emptied.</summary>
    public static JsonObject Budget(ObjectNames names, string name)
    {
        var budget = names.Object("policy/v1", "PodDisruptionBudget", name, name);
        budget["spec"] = new JsonObject { ["maxUnavailable"] = 1, ["selector"] = ObjectNames.Selector(name) };
        return budget;
    }

    /// <summary>A new pod serves before an old one goes.</summary>
    public static JsonObject Rolling() => new()
    {
        ["type"] = "RollingUpdate",
        ["rollingUpdate"] = new JsonObject { ["maxSurge"] = 1, ["maxUnavailable"] = 0 },
    };

    /// <summary>
    /// As the flow says, but one replica at least: nothing in an engine holds the first request. Where it does not say, from as many as
    /// there are.
    /// </summary>
    private static AutoscaleConfig LimitsOf(ExecutorUnit unit, ExportOptions options) => unit.Autoscale is { } limits
        ? limits with { Min = Math.Max(1, limits.Min) }
        : new AutoscaleConfig(unit.Replicas, unit.Replicas * Growth) { Target = options.TargetInFlight, StabilizationWindow = s_window };

    private static string Quantity(double number) => number == Math.Floor(number)
        ? number.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(number * 1000)}m");

    private static int Seconds(TimeSpan time) => (int)Math.Min(MaxWindow, Math.Ceiling(time.TotalSeconds));

    private static JsonObject Autoscaler(ObjectNames names, string name, AutoscaleConfig limits, JsonObject metric)
    {
        var scaler = names.Object("autoscaling/v2", "HorizontalPodAutoscaler", name, name);
        scaler["spec"] = new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = name },
            ["minReplicas"] = limits.Min,
            ["maxReplicas"] = limits.Max,
            ["metrics"] = new JsonArray(metric),
            ["behavior"] = new JsonObject
            {
                ["scaleDown"] = new JsonObject { ["stabilizationWindowSeconds"] = Seconds(limits.StabilizationWindow) },
            },
        };
        return scaler;
    }
}
