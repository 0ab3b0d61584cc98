using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlowKit;

/// <summary>Writes parameters as the mapping that they are.</summary>
internal sealed class ParametersJsonConverter : JsonConverter<Parameters>
{
    /// <inheritdoc/>
    public override Parameters Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonNode.Parse(ref reader) is JsonObject values ? new Parameters(values) : throw new JsonException("expected an object");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Parameters value, JsonSerializerOptions options) => value.Values.WriteTo(writer);
}
