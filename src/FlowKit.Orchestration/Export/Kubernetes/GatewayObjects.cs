using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Gateway;
using FlowKit.Orchestration.Export.Plan;

namespace FlowKit.Orchestration.Export.Kubernetes;

/// <summary>The objects of a gateway.</summary>
internal static class GatewayObjects
{
    private const string Name = GatewayUnit.Name;
    private const string ConfigMap = "gateway-configmap";
    private const int MaxReplicas = 10;

    public static IEnumerable<JsonObject> Of(FlowPlan plan, string flow, ObjectNames names, ExportOptions options)
    {
        var config = names.Object("v1", "ConfigMap", ConfigMap, Name);
        config["data"] = new JsonObject { [GatewayUnit.File] = flow };
        yield return config;
        yield return Service(plan.Gateway, names);
        yield return Deployment(plan.Gateway, flow, names, options);
        yield return ScalingObjects.ByProcessor(names, Name, options.GatewayReplicas, Math.Max(MaxReplicas, options.GatewayReplicas));
        yield return ScalingObjects.Budget(names, Name);
        if (options.IngressHost is { } host)
        {
            yield return Ingress(plan.Gateway, host, names);
        }
    }

    /// <summary>The port outside: 8080 where there is one, as in Jina, whatever it is inside.</summary>
    private static int Published(GatewayUnit gateway, GatewayPort port) => gateway.Ports.Count == 1 ? KubernetesWriter.Port : port.Port;

    private static string PortName(GatewayPort port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(port.IsHttp ? "http" : "grpc")}-{port.Port}");

    private static JsonObject Service(GatewayUnit gateway, ObjectNames names)
    {
        var service = names.Object("v1", "Service", Name, Name);
        service["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["selector"] = new JsonObject { ["app"] = Name },
            ["ports"] = new JsonArray([.. gateway.Ports.Select(port => new JsonObject
            {
                ["name"] = PortName(port),
                ["port"] = Published(gateway, port),
                ["targetPort"] = port.Port,
                ["protocol"] = "TCP",
            })]),
        };
        return service;
    }

    private static JsonObject Deployment(GatewayUnit gateway, string flow, ObjectNames names, ExportOptions options)
    {
        var container = new JsonObject
        {
            ["name"] = Name,
            ["image"] = gateway.Image,
            ["args"] = YamlText.ListOf(GatewayUnit.Arguments),
            ["ports"] = new JsonArray([.. gateway.Ports.Select(port => new JsonObject
            {
                ["name"] = PortName(port),
                ["containerPort"] = port.Port,
                ["protocol"] = "TCP",
            })]),
        };
        if (PodObjects.Environment(names, new Dictionary<string, string>(), gateway.Secrets) is { Count: > 0 } environment)
        {
            container["env"] = environment;
        }

        container["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "500m", ["memory"] = "512Mi" } };
        container["volumeMounts"] = new JsonArray(
            PodObjects.Mount("flow", GatewayUnit.Folder, isReadOnly: true), PodObjects.Mount("workspace", ExecutorUnit.Workspace),
            PodObjects.Mount("tmp", "/tmp"));
        AddProbes(container, gateway);
        var volumes = new JsonArray(
            new JsonObject { ["name"] = "flow", ["configMap"] = new JsonObject { ["name"] = ConfigMap } }, PodObjects.Empty("workspace"),
            PodObjects.Empty("tmp"));
        var template = PodObjects.Template(names, Name, container, gateway.TimeoutStop, isOwnImage: true, volumes);

        // Another flow is another template, so that the pods are replaced.
        template["metadata"]!["annotations"] = new JsonObject { ["flowkit/flow"] = ShortDigest.Of(flow) };
        var deployment = names.Object("apps/v1", "Deployment", Name, Name);
        deployment["spec"] = new JsonObject
        {
            ["replicas"] = options.GatewayReplicas,
            ["strategy"] = ScalingObjects.Rolling(),
            ["selector"] = ObjectNames.Selector(Name),
            ["template"] = template,
        };
        return deployment;
    }

    /// <summary>It lives while it answers; it serves while its executors can be reached.</summary>
    private static void AddProbes(JsonObject container, GatewayUnit gateway)
    {
        var http = gateway.Ports.FirstOrDefault(port => port.IsHttp);
        container["startupProbe"] = PodObjects.Probe(Asked("/health/startup"), 2, 150);
        container["livenessProbe"] = PodObjects.Probe(Asked("/health/live"), 5, 3);
        container["readinessProbe"] = PodObjects.Probe(Asked("/health/ready"), 2, 2);

        JsonObject Asked(string path)
        {
            if (http is not null)
            {
                return new JsonObject { ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = http.Port } };
            }

            var port = gateway.Ports[0].Port;
            return path == "/health/ready"
                ? new JsonObject { ["grpc"] = new JsonObject { ["port"] = port } }
                : new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = port } };
        }
    }

    private static JsonObject Ingress(GatewayUnit gateway, string host, ObjectNames names)
    {
        var port = gateway.Ports.FirstOrDefault(each => each.IsHttp) ?? gateway.Ports[0];
        var backend = new JsonObject
        {
            ["service"] = new JsonObject { ["name"] = Name, ["port"] = new JsonObject { ["number"] = Published(gateway, port) } },
        };
        var ingress = names.Object("networking.k8s.io/v1", "Ingress", Name, Name);
        ingress["spec"] = new JsonObject
        {
            ["rules"] = new JsonArray(new JsonObject
            {
                ["host"] = host,
                ["http"] = new JsonObject
                {
                    ["paths"] = new JsonArray(new JsonObject { ["path"] = "/", ["pathType"] = "Prefix", ["backend"] = backend }),
                },
            }),
        };
        return ingress;
    }
}
