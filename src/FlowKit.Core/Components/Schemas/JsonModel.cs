using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Components.Typed;

namespace FlowKit.Components.Schemas;

/// <summary>
/// Makes the JSON schema of a class in the form that pydantic 1 gives it, from which Jina's gateways make a class of their own.
/// </summary>
internal static class JsonModel
{
    /// <summary>Makes the schema.</summary>
    /// <param name="type">A typed document, or a class of parameters.</param>
    public static JsonObject Of(Type type)
    {
        var definitions = new JsonObject();
        var schema = Of(type, definitions, [type]);
        if (definitions.Count > 0)
        {
            schema["definitions"] = definitions;
        }

        return schema;
    }

    /// <summary>Makes the schema of a tensor or an embedding.</summary>
    public static JsonObject Array(string title) => new()
    {
        ["title"] = title,
        ["type"] = "array",
        ["items"] = new JsonObject { ["type"] = "number" },
        ["tensor/array shape"] = "not specified",
    };

    private static JsonObject Of(Type type, JsonObject definitions, HashSet<Type> above)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        var defaults = DocumentTypes.IsDocument(type) ? DocumentShape.Of(type).Default() : null;
        foreach (var property in DocumentProperty.Of(type))
        {
            var schema = OfProperty(property, definitions, above);
            if (property.Name != "id" && defaults is not null && DefaultOf(property, defaults) is { } value)
            {
                schema["default"] = value;
            }

            properties[property.Name] = schema;
            if (property.IsRequired)
            {
                required.Add(property.Name);
            }
        }

        var model = new JsonObject { ["title"] = type.Name, ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            model["required"] = required;
        }

        return model;
    }

    private static JsonObject OfProperty(DocumentProperty property, JsonObject definitions, HashSet<Type> above)
    {
        var title = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(property.Name.Replace('_', ' ').Trim());
        if (property.Type == typeof(NdArray))
        {
            return Array(title);
        }

        if (property.Documents is not { } item)
        {
            var schema = OfValue(property.Type);
            schema["title"] = title;
            return schema;
        }

        // A gateway cannot make a class that holds itself.
        var one = above.Contains(item) ? new JsonObject { ["type"] = "object" } : Refer(item, definitions, above);
        return item == property.Type ? one : new JsonObject { ["title"] = title, ["type"] = "array", ["items"] = one };
    }

    private static JsonObject Refer(Type item, JsonObject definitions, HashSet<Type> above)
    {
        if (!definitions.ContainsKey(item.Name))
        {
            definitions[item.Name] = Of(item, definitions, [.. above, item]);
        }

        return new JsonObject { ["$ref"] = $"#/definitions/{item.Name}" };
    }

    private static JsonObject OfValue(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Type.GetTypeCode(type) is var code && code is >= TypeCode.SByte and <= TypeCode.UInt64 && !type.IsEnum)
        {
            return new JsonObject { ["type"] = "integer" };
        }

        if (code is TypeCode.Single or TypeCode.Double or TypeCode.Decimal)
        {
            return new JsonObject { ["type"] = "number" };
        }

        return type switch
        {
            _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
            _ when type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) =>
                new JsonObject { ["type"] = "string", ["format"] = "binary" },
            _ when type == typeof(string) || type.IsEnum || type == typeof(Uri) || type == typeof(Guid) || code == TypeCode.DateTime =>
                new JsonObject { ["type"] = "string" },
            _ when typeof(IDictionary).IsAssignableFrom(type) || type == typeof(JsonObject) => new JsonObject { ["type"] = "object" },
            _ when ElementOf(type) is { } element => new JsonObject { ["type"] = "array", ["items"] = OfValue(element) },
            _ => [],
        };
    }

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetElementType();
        }

        var list = type.GetInterfaces().Append(type).FirstOrDefault(
            each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        return typeof(JsonNode).IsAssignableFrom(type) ? null : list?.GetGenericArguments()[0];
    }

    /// <summary>Only what reads the same everywhere: texts, numbers and truth values.</summary>
    private static JsonNode? DefaultOf(DocumentProperty property, BaseDoc defaults) => property.Property.GetValue(defaults) switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        IConvertible number when Type.GetTypeCode(number.GetType()) is >= TypeCode.SByte and <= TypeCode.Decimal && number is not Enum =>
            JsonSerializer.SerializeToNode(number, number.GetType()),
        _ => null,
    };
}
