using System.Text.Json.Nodes;

namespace FlowKit.Orchestration.Export.Kubernetes;

/// <summary>The names and labels of a flow's objects, those of Jina and those that Kubernetes recommends.</summary>
/// <param name="Flow">The flow's name.</param>
/// <param name="Namespace">The namespace.</param>
internal sealed record ObjectNames(string Flow, string Namespace)
{
    /// <summary>The secret that holds the values that no file does; it is made by whoever runs the flow.</summary>
    public string Secret => $"{Flow}-secrets";

    /// <summary>Begins an object.</summary>
    /// <param name="version">The version of its kind.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="of">The deployment that it belongs to.</param>
    public JsonObject Object(string version, string kind, string name, string of) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace, ["labels"] = Labels(of) },
    };

    /// <summary>The labels of all that belongs to a deployment.</summary>
    public JsonObject Labels(string of) => new()
    {
        ["app"] = of,
        ["jina_deployment_name"] = of,
        ["ns"] = Namespace,
        ["pod_type"] = of == Plan.GatewayUnit.Name ? "GATEWAY" : "WORKER",
        ["app.kubernetes.io/name"] = of,
        ["app.kubernetes.io/part-of"] = Flow,
        ["app.kubernetes.io/managed-by"] = "flowkit",
    };

    /// <summary>The label by which a deployment's pods are found.</summary>
    public static JsonObject Selector(string of) => new() { ["matchLabels"] = new JsonObject { ["app"] = of } };
}
