using System.Text.Json.Nodes;

namespace FlowKit.Wire.Proto.V2;

/// <summary>Keeps the names and types of a document that came in v2 in its metadata, so that it goes out with the same.</summary>
internal static class DocumentFields
{
    /// <summary>Tags that were fields beside <c>tags</c>: name → Python type or null.</summary>
    public const string Kept = FieldJson.Kept;

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

    /// <summary>
    /// Returns the tags that go out as fields beside <c>tags</c>: those that came so, unless the document has a field of that name, which
    /// they would be taken for.
    /// </summary>
    public static JsonObject? KeptOf(Document document)
    {
        if (Of(document, Kept) is not { } kept)
        {
            return null;
        }

        var free = kept.Where(field => !IsTaken(document, field.Key)).Select(field => field.Key).ToHashSet(StringComparer.Ordinal);
        if (document.Tags.Any(tag => !free.Contains(tag.Key)))
        {
            free.Remove("tags");
        }

        if (free.Count == kept.Count)
        {
            return kept;
        }

        var fields = kept.Where(field => free.Contains(field.Key));
        return new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
    }

    private static bool IsTaken(Document document, string name) => name switch
    {
        "id" or "_metadata" => true,
        "text" => document.ContentType == DocumentContent.Text,
        "tensor" => document.ContentType == DocumentContent.Tensor,
        "blob" or "bytes_" => document.ContentType == DocumentContent.Blob,
        "embedding" => document.Embedding is not null,
        "url" or "uri" => document.Uri is not null,
        "mime_type" => document.MimeType is not null,
        "modality" => document.Modality is not null,
        "parent_id" => document.ParentId is not null,
        "granularity" => document.Granularity != 0,
        "adjacency" => document.Adjacency != 0,
        "weight" => document.Weight is not null,
        "offset" => document.Offset is not null,
        "location" => document.Location is not null,
        "chunks" => document.HasChunks,
        "matches" => document.HasMatches,
        "scores" => document.HasScores,
        "evaluations" => document.HasEvaluations,
        _ => false,
    };

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
