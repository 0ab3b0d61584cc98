using System.Globalization;
using System.Text.Json.Nodes;
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

    /// <summary>A HorizontalPodAutoscaler over requests under way.</summary>
    public static JsonObject ByRequests(ObjectNames names, ExecutorUnit unit, ExportOptions options) => Autoscaler(
        names,
        unit.Name,
        unit.Replicas,
        unit.Replicas * Growth,
        new JsonObject
        {
            ["type"] = "Pods",
            ["pods"] = new JsonObject
            {
                ["metric"] = new JsonObject { ["name"] = InFlight },
                ["target"] = new JsonObject
                {
                    ["type"] = "AverageValue",
                    ["averageValue"] = options.TargetInFlight.ToString(CultureInfo.InvariantCulture),
                },
            },
        });

    /// <summary>A HorizontalPodAutoscaler over the time of processors.</summary>
    public static JsonObject ByProcessor(ObjectNames names, string name, int min, int max) => Autoscaler(
        names,
        name,
        min,
        max,
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
    public static JsonObject ByKeda(ObjectNames names, ExecutorUnit unit, Uri prometheus, int target)
    {
        var scaled = names.Object("keda.sh/v1alpha1", "ScaledObject", unit.Name, unit.Name);
        scaled["spec"] = new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["name"] = unit.Name },
            ["minReplicaCount"] = unit.Replicas,
            ["maxReplicaCount"] = unit.Replicas * Growth,
            ["cooldownPeriod"] = 300,
            ["triggers"] = new JsonArray(new JsonObject
            {
                ["type"] = "prometheus",
                ["metricType"] = "AverageValue",
                ["metadata"] = new JsonObject
                {
                    ["serverAddress"] = prometheus.ToString(),
                    ["query"] = $$"""sum(rate({{Series}}{namespace="{{names.Namespace}}",pod=~"{{unit.Name}}-.*"}[1m]))""",
                    ["threshold"] = target.ToString(CultureInfo.InvariantCulture),
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

    private static JsonObject Autoscaler(ObjectNames names, string name, int min, int max, JsonObject metric)
    {
        var scaler = names.Object("autoscaling/v2", "HorizontalPodAutoscaler", name, name);
        scaler["spec"] = new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = name },
            ["minReplicas"] = min,
            ["maxReplicas"] = max,
            ["metrics"] = new JsonArray(metric),
            ["behavior"] = new JsonObject { ["scaleDown"] = new JsonObject { ["stabilizationWindowSeconds"] = 300 } },
        };
        return scaler;
    }
}
