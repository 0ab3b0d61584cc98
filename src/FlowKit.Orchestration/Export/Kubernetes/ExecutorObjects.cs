using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Launching;
using FlowKit.Orchestration.Export.Plan;

namespace FlowKit.Orchestration.Export.Kubernetes;

/// <summary>The objects of an executor: a Deployment, or a StatefulSet where it has shards or keeps files.</summary>
internal static class ExecutorObjects
{
    private const string Grpc = "grpc";
    private const string Monitoring = "monitoring";
    private const string Workspace = "workspace";
    private const int StartPeriod = 5;
    private static readonly TimeSpan s_maxStart = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(30);

    public static IEnumerable<JsonObject> Of(ExecutorUnit unit, ObjectNames names, ExportOptions options)
    {
        yield return Service(unit, names);
        yield return Workload(unit, names);
        if (unit.CanScale)
        {
            yield return options.Keda is { } prometheus
                ? ScalingObjects.ByKeda(names, unit, prometheus, options)
                : ScalingObjects.ByRequests(names, unit, options);
        }

        yield return ScalingObjects.Budget(names, unit.Name);
        yield return Policy(unit, names);
    }

    /// <summary>A name that leads to every pod that serves: the gateway balances between them itself.</summary>
    private static JsonObject Service(ExecutorUnit unit, ObjectNames names)
    {
        var service = names.Object("v1", "Service", unit.Name, unit.Name);
        service["spec"] = new JsonObject
        {
            ["clusterIP"] = "None",
            ["selector"] = new JsonObject { ["app"] = unit.Name },
            ["ports"] = new JsonArray(Port(Grpc, KubernetesWriter.Port), Port(Monitoring, ExecutorUnit.MonitoringPort)),
        };
        return service;

        static JsonObject Port(string name, int port) => new()
        {
            ["name"] = name,
            ["port"] = port,
            ["targetPort"] = port,
            ["protocol"] = "TCP",
        };
    }

    private static JsonObject Workload(ExecutorUnit unit, ObjectNames names)
    {
        var isSet = unit.KeepsState || unit.Volumes.Count > 0;
        var volumes = new JsonArray();
        if (unit.IsOwnImage)
        {
            volumes.Add(PodObjects.Empty("tmp"));
        }

        if (!unit.KeepsState)
        {
            volumes.Add(PodObjects.Empty(Workspace));
        }

        var template = PodObjects.Template(names, unit.Name, Container(unit, names), s_stop, unit.IsOwnImage, volumes);
        template["metadata"]!["annotations"] = new JsonObject
        {
            ["prometheus.io/scrape"] = "true",
            ["prometheus.io/port"] = ExecutorUnit.MonitoringPort.ToString(CultureInfo.InvariantCulture),
        };
        var workload = names.Object("apps/v1", isSet ? "StatefulSet" : "Deployment", unit.Name, unit.Name);
        var spec = new JsonObject();

        // Where an autoscaler decides, each apply would set them back.
        spec.SetIf("replicas", unit.Shards > 1 ? unit.Shards : unit.Replicas, unit.Autoscale is null);
        spec["selector"] = ObjectNames.Selector(unit.Name);
        if (isSet)
        {
            spec["serviceName"] = unit.Name;
            spec["podManagementPolicy"] = "Parallel";
            spec["volumeClaimTemplates"] = Claims(unit);
        }
        else
        {
            spec["strategy"] = ScalingObjects.Rolling();
        }

        spec["template"] = template;
        workload["spec"] = spec;
        return workload;
    }

    private static JsonObject Container(ExecutorUnit unit, ObjectNames names)
    {
        // The image's own metrics are asked for here; what is no image of FlowKit's may not have them.
        var arguments = unit.ListeningAt(KubernetesWriter.Port, shard: null).Select(PodObjects.Argument);
        arguments = unit.IsOwnImage
            ? arguments.Concat(["--gateway", "monitoring=true", "--gateway", $"port_monitoring={ExecutorUnit.MonitoringPort}"])
            : arguments;
        var container = new JsonObject
        {
            ["name"] = "executor",
            ["image"] = unit.Image,
            ["args"] = YamlText.ListOf(arguments),
            ["ports"] = new JsonArray(
                new JsonObject { ["name"] = Grpc, ["containerPort"] = KubernetesWriter.Port, ["protocol"] = "TCP" },
                new JsonObject { ["name"] = Monitoring, ["containerPort"] = ExecutorUnit.MonitoringPort, ["protocol"] = "TCP" }),
        };
        var environment = PodObjects.Environment(names, unit.Env, unit.Secrets);
        if (unit.Shards > 1)
        {
            environment.Add(Ordinal());
        }

        if (environment.Count > 0)
        {
            container["env"] = environment;
        }

        if (Resources(unit) is { } resources)
        {
            container["resources"] = resources;
        }

        container["volumeMounts"] = Mounts(unit);
        var limit = unit.TimeoutReady == Timeout.InfiniteTimeSpan ? s_maxStart : unit.TimeoutReady;
        var starts = Math.Max(3, (int)Math.Ceiling(limit.TotalSeconds / StartPeriod));
        container["startupProbe"] = PodObjects.Probe(Asked(), StartPeriod, starts);
        container["livenessProbe"] = PodObjects.Probe(
            new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = KubernetesWriter.Port } }, 5, 3);
        container["readinessProbe"] = PodObjects.Probe(Asked(), 2, 2);
        return container;
    }

    private static JsonObject Asked() => new() { [Grpc] = new JsonObject { ["port"] = KubernetesWriter.Port } };

    /// <summary>The number that the pod's set gave it, which Kubernetes 1.28 and later tell.</summary>
    private static JsonObject Ordinal() => new()
    {
        ["name"] = ExecutorVariables.Shard,
        ["valueFrom"] = new JsonObject
        {
            ["fieldRef"] = new JsonObject { ["fieldPath"] = "metadata.labels['apps.kubernetes.io/pod-index']" },
        },
    };

    private static JsonObject? Resources(ExecutorUnit unit)
    {
        var (requests, limits) = (new JsonObject(), new JsonObject());
        if (unit.Cpus is { } cpus)
        {
            requests["cpu"] = cpus;
        }

        if (unit.MemoryBytes is { } bytes)
        {
            requests["memory"] = PodObjects.Bytes(bytes);
            limits["memory"] = PodObjects.Bytes(bytes);
        }

        if (unit.Gpus > 0)
        {
            limits["nvidia.com/gpu"] = unit.Gpus;
        }

        var resources = new JsonObject();
        if (requests.Count > 0)
        {
            resources["requests"] = requests;
        }

        if (limits.Count > 0)
        {
            resources["limits"] = limits;
        }

        return resources.Count > 0 ? resources : null;
    }

    private static JsonArray Mounts(ExecutorUnit unit)
    {
        var mounts = new JsonArray(PodObjects.Mount(Workspace, ExecutorUnit.Workspace));
        if (unit.IsOwnImage)
        {
            mounts.Add(PodObjects.Mount("tmp", "/tmp"));
        }

        for (var index = 0; index < unit.Volumes.Count; index++)
        {
            mounts.Add(PodObjects.Mount($"volume-{index}", unit.Volumes[index].Target, unit.Volumes[index].IsReadOnly));
        }

        return mounts;
    }

    private static JsonArray Claims(ExecutorUnit unit)
    {
        var names = Enumerable.Range(0, unit.Volumes.Count).Select(index => $"volume-{index}");
        return [.. (unit.KeepsState ? names.Prepend(Workspace) : names).Select(Claim)];
    }

    /// <summary>As large as Jina's.</summary>
    private static JsonObject Claim(string name) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "10Gi" } },
        },
    };

    /// <summary>Only the gateway calls it; its metrics are for whoever gathers them.</summary>
    private static JsonObject Policy(ExecutorUnit unit, ObjectNames names)
    {
        var policy = names.Object("networking.k8s.io/v1", "NetworkPolicy", unit.Name, unit.Name);
        policy["spec"] = new JsonObject
        {
            ["podSelector"] = ObjectNames.Selector(unit.Name),
            ["policyTypes"] = new JsonArray("Ingress"),
            ["ingress"] = new JsonArray(
                new JsonObject
                {
                    ["from"] = new JsonArray(new JsonObject { ["podSelector"] = ObjectNames.Selector(GatewayUnit.Name) }),
                    ["ports"] = new JsonArray(new JsonObject { ["port"] = KubernetesWriter.Port, ["protocol"] = "TCP" }),
                },
                new JsonObject
                {
                    ["ports"] = new JsonArray(new JsonObject { ["port"] = ExecutorUnit.MonitoringPort, ["protocol"] = "TCP" }),
                }),
        };
        return policy;
    }
}
