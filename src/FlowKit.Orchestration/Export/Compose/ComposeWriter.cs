using System.Text.Json.Nodes;
using FlowKit.Orchestration.Export.Plan;

namespace FlowKit.Orchestration.Export.Compose;

/// <summary>Writes a flow for Docker Compose: <c>docker compose up</c> on one machine.</summary>
internal static class ComposeWriter
{
    /// <summary>The name of the file, as Jina writes it.</summary>
    public const string File = "docker-compose.yml";

    public static IReadOnlyList<ExportedFile> Write(FlowPlan plan)
    {
        var gateway = ServiceObjects.Gateway(plan);
        gateway["ports"] = ServiceObjects.ListOf(plan.Gateway.Ports.Select(port => $"{port.Port}:{port.Port}"));
        gateway["restart"] = "unless-stopped";
        gateway["security_opt"] = ServiceObjects.ListOf(["no-new-privileges:true"]);
        var services = new JsonObject { [GatewayUnit.Name] = gateway };
        foreach (var unit in plan.Executors)
        {
            for (var shard = 0; shard < unit.Shards; shard++)
            {
                services[unit.ShardNames[shard]] = ServiceOf(unit, shard);
            }
        }

        var compose = new JsonObject
        {
            ["name"] = plan.Name,
            ["services"] = services,
            ["configs"] = new JsonObject { [ServiceObjects.FlowConfigName] = new JsonObject { ["file"] = $"./{GatewayUnit.File}" } },
        };
        if (ServiceObjects.Volumes(plan) is { Count: > 0 } volumes)
        {
            compose["volumes"] = volumes;
        }

        return [new ExportedFile(File, YamlText.Of(compose)), ServiceObjects.FlowFile(plan, "")];
    }

    private static JsonObject ServiceOf(ExecutorUnit unit, int shard)
    {
        var service = ServiceObjects.Executor(unit, shard);
        service["restart"] = "unless-stopped";
        service["security_opt"] = ServiceObjects.ListOf(["no-new-privileges:true"]);
        var deploy = new JsonObject();
        if (unit.Replicas > 1)
        {
            deploy["replicas"] = unit.Replicas;
        }

        var gpus = unit.Gpus == 0 ? null : new JsonObject
        {
            ["devices"] = new JsonArray(new JsonObject
            {
                ["driver"] = "nvidia",
                ["count"] = unit.Gpus,
                ["capabilities"] = ServiceObjects.ListOf(["gpu"]),
            }),
        };
        if (ServiceObjects.Resources(unit, gpus) is { } resources)
        {
            deploy["resources"] = resources;
        }

        if (deploy.Count > 0)
        {
            service["deploy"] = deploy;
        }

        return service;
    }
}
