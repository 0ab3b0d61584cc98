using System.Text.Json.Nodes;
using FlowKit.Orchestration.Export.Plan;
using FlowKit.Orchestration.Swarm;

namespace FlowKit.Orchestration.Export.Compose;

/// <summary>Writes a flow for Docker Swarm: <c>docker stack deploy -c stack.yml NAME</c>.</summary>
internal static class SwarmWriter
{
    /// <summary>The name of the file.</summary>
    public const string File = "stack.yml";

    private const string Network = "flow";

    public static IReadOnlyList<ExportedFile> Write(FlowPlan plan, ExportOptions options)
    {
        var stack = ServiceObjects.All(plan, GatewayOf(plan, options), ServiceOf);
        stack.Insert(0, "version", "3.8");
        stack.Insert(2, "networks", new JsonObject { [Network] = new JsonObject { ["driver"] = "overlay" } });

        // DNS of a service in that mode leads to each of its tasks.
        return [new ExportedFile(File, YamlText.Of(stack)), ServiceObjects.FlowFile(plan, "tasks.")];
    }

    /// <summary>Tells that what keeps files must come back to the node that has them, which only an operator can name.</summary>
    public static IEnumerable<string> NotesOf(FlowPlan plan) =>
        plan.Executors.Where(unit => unit.KeepsState).SelectMany(unit => unit.ShardNames).Select(
            name => $"{name} may keep files, on the node with the label {Label(name)}: "
                + $"docker node update --label-add {Label(name)}=true NODE");

    private static string Label(string name) => $"flowkit.{name}";

    private static JsonObject GatewayOf(FlowPlan plan, ExportOptions options)
    {
        var service = ServiceObjects.Gateway(plan);
        service["ports"] = new JsonArray([.. plan.Gateway.Ports.Select(port => new JsonObject
        {
            ["target"] = port.Port,
            ["published"] = port.Port,
            ["mode"] = options.HostPorts ? "host" : "ingress",
        })]);
        service["networks"] = YamlText.ListOf([Network]);
        var deploy = Rollout(options.HostPorts ? "stop-first" : "start-first");
        deploy["replicas"] = options.GatewayReplicas;
        deploy["endpoint_mode"] = options.HostPorts ? "dnsrr" : "vip";
        service["deploy"] = deploy;
        return service;
    }

    private static JsonObject ServiceOf(ExecutorUnit unit, int shard)
    {
        var service = ServiceObjects.Executor(unit, shard);
        service["networks"] = YamlText.ListOf([Network]);

        // Two must not have the same files open.
        var deploy = Rollout(unit.KeepsState ? "stop-first" : "start-first");
        deploy["replicas"] = unit.Replicas;
        deploy["endpoint_mode"] = "dnsrr";
        var gpus = unit.Gpus == 0 ? null : new JsonObject
        {
            ["generic_resources"] = new JsonArray(new JsonObject
            {
                ["discrete_resource_spec"] = new JsonObject { ["kind"] = "NVIDIA-GPU", ["value"] = unit.Gpus },
            }),
        };
        if (ServiceObjects.Resources(unit, gpus) is { } resources)
        {
            deploy["resources"] = resources;
        }

        if (unit.KeepsState)
        {
            deploy["placement"] = new JsonObject
            {
                ["constraints"] = YamlText.ListOf([$"node.labels.{Label(unit.ShardNames[shard])} == true"]),
            };
        }

        if (unit.Autoscale is { } limits)
        {
            deploy["labels"] = AutoscaleLabels.Write(unit.Entry, limits);
        }

        service["deploy"] = deploy;
        return service;
    }

    private static JsonObject Rollout(string order) => new()
    {
        ["update_config"] = new JsonObject { ["order"] = order, ["parallelism"] = 1, ["failure_action"] = "rollback", ["monitor"] = "15s" },
        ["rollback_config"] = new JsonObject { ["order"] = order, ["parallelism"] = 1 },
        ["restart_policy"] = new JsonObject { ["condition"] = "any", ["delay"] = "2s" },
    };
}
