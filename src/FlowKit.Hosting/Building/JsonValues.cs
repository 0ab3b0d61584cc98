using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlowKit.Hosting.Building;

/// <summary>Writes values as a flow's file would have them: names in snake_case.</summary>
internal static class JsonValues
{
    private static readonly JsonSerializerOptions s_options = new(Parameters.ReadOptions)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Returns a value as JSON.</summary>
    public static JsonNode? ToJson(object? value) =>
        value is JsonNode node ? node.DeepClone() : JsonSerializer.SerializeToNode(value, s_options);
}
