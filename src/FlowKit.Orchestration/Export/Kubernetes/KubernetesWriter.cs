using System.Text.Json.Nodes;
using FlowKit.Configuration.Executors;
using FlowKit.Orchestration.Export.Plan;

namespace FlowKit.Orchestration.Export.Kubernetes;

/// <summary>
/// Writes a flow for Kubernetes: a folder for the gateway and for each executor, as Jina does, and a kustomization over all. Names and the
/// port are Jina's.
/// </summary>
internal static class KubernetesWriter
{
    /// <summary>The port that every executor listens on, as in Jina. DNS of a headless service leads to the pods themselves.</summary>
    public const int Port = 8080;

    public static IReadOnlyList<ExportedFile> Write(FlowPlan plan, ExportOptions options)
    {
        var objects = new ObjectNames(plan.Name, options.Namespace);
        var files = new List<ExportedFile> { FileOf(GatewayUnit.Name, GatewayObjects.Of(plan, FlowOf(plan, options), objects, options)) };
        files.AddRange(plan.Executors.Select(unit => FileOf(unit.Name, ExecutorObjects.Of(unit, objects, options))));
        files.Add(Kustomization([.. files.Select(file => file.Name)], options));
        if (options.Keda is null && plan.Executors.Any(unit => unit.CanScale))
        {
            files.Add(new ExportedFile("prometheus-adapter.yml", YamlText.Of(ScalingObjects.AdapterRules())));
        }

        return files;
    }

    private static string FlowOf(FlowPlan plan, ExportOptions options)
    {
        var flow = plan.FlowOf(Address);
        if (options.IngressHost is { } host)
        {
            if (flow["gateway"]!["hosts"] is not JsonArray hosts)
            {
                flow["gateway"]!["hosts"] = hosts = [];
            }

            hosts.Add(host);
        }

        return YamlText.Of(flow);

        string? Address(ExecutorConfig executor) =>
            plan.Find(executor) is { } unit ? $"{(unit.Shards > 1 ? $"{unit.Name}-{{shard}}." : "")}{unit.Name}:{Port}" : null;
    }

    private static ExportedFile FileOf(string name, IEnumerable<JsonObject> objects) => new($"{name}/{name}.yml", YamlText.Of(objects));

    private static ExportedFile Kustomization(IReadOnlyList<string> files, ExportOptions options) => new(
        "kustomization.yaml",
        YamlText.Of(new JsonObject
        {
            ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
            ["kind"] = "Kustomization",
            ["namespace"] = options.Namespace,
            ["resources"] = YamlText.ListOf(files),
        }));
}
