using System.Text.Json.Nodes;

namespace FlowKit.Wire.Proto.V2;

/// <summary>Keeps the names and types of a document that came in v2 in its metadata, so that it goes out with the same.</summary>
internal static class DocumentFields
{
    /// <summary>Tags that were fields beside <c>tags</c>: name → Python type or null.</summary>
    public const string Kept = "__fields__";

    /// <summary>Python types of the document's own fields, where they are not the usual ones: name → Python type or null.</summary>
    public const string Types = "__types__";

    /// <summary>Remembers one.</summary>
    public static void Remember(Document document, string map, string name, string? type)
    {
        if (document.Metadata[map] is not JsonObject names)
        {
            document.Metadata[map] = names = [];
        }

        names[name] = type;
    }

    /// <summary>Returns the names or types that are kept; <see langword="null"/> when there are none.</summary>
    public static JsonObject? Of(Document document, string map) =>
        document.HasMetadata && document.Metadata.TryGetPropertyValue(map, out var names) ? names as JsonObject : null;

    /// <summary>The Python type that a field goes out with.</summary>
    public static string? TypeOf(JsonObject? names, string name, string? usual = null)
    {
        if (names?.TryGetPropertyValue(name, out var type) != true)
        {
            return usual;
        }

        return type is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
