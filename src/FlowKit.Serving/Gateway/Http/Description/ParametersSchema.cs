using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>
/// The JSON Schema of what an endpoint's executors read from <c>parameters</c>: one object with the properties of all their classes.
/// </summary>
internal static class ParametersSchema
{
    private static readonly JsonSerializerOptions s_usual = NewOptions();

    /// <returns>The schema; <see langword="null"/> when no executor has a class for them.</returns>
    public static JsonObject? Of(IEnumerable<DescribedEndpoint> parts)
    {
        var properties = new JsonObject();
        foreach (var part in parts.Where(part => part.Method.ParametersType is not null))
        {
            foreach (var (name, schema) in PropertiesOf(part))
            {
                properties.TryAdd(name, schema?.DeepClone());
            }
        }

        return properties.Count == 0 ? null : new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    /// <summary>A class that the serializer cannot describe is left out: the description is not worth a failure.</summary>
    private static JsonObject PropertiesOf(DescribedEndpoint part)
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) =>
            {
                if (schema is JsonObject node
                    && context.PropertyInfo?.AttributeProvider is MemberInfo member
                    && part.Comments.Of(member) is { } comment)
                {
                    node["description"] = comment;
                }

                return schema;
            },
        };
        try
        {
            return OptionsFor(part.Method.ParametersType!)
                .GetJsonSchemaAsNode(part.Method.ParametersType!, options)["properties"] as JsonObject
                ?? [];
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Options remember every class that they describe, and one that may unload must not be kept.</summary>
    private static JsonSerializerOptions OptionsFor(Type type) => type.IsCollectible ? NewOptions() : s_usual;

    private static JsonSerializerOptions NewOptions() =>
        new(Parameters.ReadOptions) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
}
