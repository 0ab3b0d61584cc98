using System.Text.Json.Nodes;

namespace FlowKit.Components.Schemas;

/// <summary>Describes what an endpoint takes and gives, as Jina's discovery tells it.</summary>
/// <param name="Input">The documents that it takes.</param>
/// <param name="Output">The documents that it gives.</param>
/// <param name="IsGenerator">Whether it streams.</param>
/// <param name="IsSingleton">Whether it takes one document.</param>
/// <param name="Parameters">Its parameters; <see langword="null"/> where it has no class for them.</param>
/// <param name="IsWrite">
/// Whether it changes what the executor keeps, which FlowKit's executors tell and Jina's do not; <see langword="null"/> where not known.
/// </param>
internal sealed record EndpointSchema(
    NamedModel Input, NamedModel Output, bool IsGenerator, bool IsSingleton, NamedModel? Parameters, bool? IsWrite = null)
{
    /// <summary>A key that Jina does not have, and passes by.</summary>
    private const string WriteKey = "is_write";

    /// <summary>The schema of an endpoint whose documents have the fields of DocArray up to 0.21.</summary>
    public static EndpointSchema Legacy { get; } = new(LegacyModel.Model, LegacyModel.Model, false, false, null);

    /// <summary>The schema of a method.</summary>
    public static EndpointSchema Of(EndpointMethod method) => new(
        ModelOf(method.InputType),
        ModelOf(method.OutputType),
        method.Streams,
        method.Streams || method.TakesOneDocument,
        method.ParametersType is { } type ? new NamedModel(type.Name, JsonModel.Of(type)) : null);

    /// <summary>Reads what an executor elsewhere tells; <see langword="null"/> where it is not of this form.</summary>
    public static EndpointSchema? Read(JsonObject schema) =>
        NamedModel.Read(schema["input"]) is { } input && NamedModel.Read(schema["output"]) is { } output
            ? new EndpointSchema(
                input, output, IsTrue(schema["is_generator"]), IsTrue(schema["is_singleton_doc"]), NamedModel.Read(schema["parameters"]),
                schema[WriteKey] is JsonValue write && write.TryGetValue<bool>(out var isWrite) ? isWrite : null)
            : null;

    /// <summary>Writes it as Jina does.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["input"] = Input.ToJson(),
            ["output"] = Output.ToJson(),
            ["is_generator"] = IsGenerator,
            ["is_singleton_doc"] = IsSingleton,
            ["parameters"] = Parameters?.ToJson() ?? new JsonObject { ["name"] = null, ["model"] = null },
        };
        if (IsWrite is { } writes)
        {
            json[WriteKey] = writes;
        }

        return json;
    }

    private static NamedModel ModelOf(Type? type) => type is null ? LegacyModel.Model : new NamedModel(type.Name, JsonModel.Of(type));

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
