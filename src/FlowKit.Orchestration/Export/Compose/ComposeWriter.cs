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
        gateway["ports"] = YamlText.ListOf(plan.Gateway.Ports.Select(port => $"{port.Port}:{port.Port}"));
        gateway["restart"] = "unless-stopped";
        gateway["security_opt"] = YamlText.ListOf(["no-new-privileges:true"]);
        var compose = ServiceObjects.All(plan, gateway, ServiceOf);
        compose.Insert(0, "name", plan.Name);
        return [new ExportedFile(File, YamlText.Of(compose)), ServiceObjects.FlowFile(plan, "")];
    }

    private static JsonObject ServiceOf(ExecutorUnit unit, int shard)
    {
        var service = ServiceObjects.Executor(unit, shard);
        service["restart"] = "unless-stopped";
        service["security_opt"] = YamlText.ListOf(["no-new-privileges:true"]);
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
                ["capabilities"] = YamlText.ListOf(["gpu"]),
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
