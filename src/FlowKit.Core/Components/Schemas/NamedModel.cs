using System.Text.Json.Nodes;

namespace FlowKit.Components.Schemas;

/// <summary>The JSON schema of a class, with its name.</summary>
/// <param name="Name">The name of the class.</param>
/// <param name="Model">The schema.</param>
internal sealed record NamedModel(string Name, JsonObject Model)
{
    /// <summary>Reads what an executor elsewhere tells; <see langword="null"/> where it tells none.</summary>
    public static NamedModel? Read(JsonNode? node) =>
        node is JsonObject named && named["model"] is JsonObject model
            && named["name"] is JsonValue value && value.TryGetValue<string>(out var name)
            ? new NamedModel(name, (JsonObject)model.DeepClone())
            : null;

    /// <summary>Writes it as Jina does.</summary>
    public JsonObject ToJson() => new() { ["name"] = Name, ["model"] = Model.DeepClone() };
}
