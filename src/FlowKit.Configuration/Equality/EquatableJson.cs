using System.Text.Json.Nodes;

namespace FlowKit.Configuration.Equality;

/// <summary>A JSON object that equals another with the same content.</summary>
/// <param name="Value">The object.</param>
internal readonly record struct EquatableJson(JsonObject Value)
{
    public bool Equals(EquatableJson other) => JsonNode.DeepEquals(Value, other.Value);

    public override int GetHashCode() => Value?.Count ?? 0;
}
