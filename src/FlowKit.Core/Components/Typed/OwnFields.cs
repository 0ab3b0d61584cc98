using System.Text.Json.Nodes;

namespace FlowKit.Components.Typed;

/// <summary>The fields of a typed document that every document of a flow has; all others are among its tags.</summary>
internal static class OwnFields
{
    /// <summary>Returns the value of a field; <see langword="null"/> where the document has none of its own.</summary>
    public static object? Get(Document document, DocumentProperty property, string place) => (property.Name, property.Type) switch
    {
        ("id", var type) when type == typeof(string) => document.Id,
        ("text", var type) when type == typeof(string) => document.Text,
        ("url" or "uri", var type) when type == typeof(string) => document.Uri,
        ("url" or "uri", var type) when type == typeof(Uri) => document.Uri is { } uri ? new Uri(uri, UriKind.RelativeOrAbsolute) : null,
        ("mime_type", var type) when type == typeof(string) => document.MimeType,
        ("modality", var type) when type == typeof(string) => document.Modality,
        ("parent_id", var type) when type == typeof(string) => document.ParentId,
        ("tensor", var type) when type == typeof(NdArray) => document.Tensor,
        ("embedding", var type) when type == typeof(NdArray) => document.Embedding,
        ("blob" or "bytes_" or "bytes", var type) when type == typeof(ReadOnlyMemory<byte>) => document.Blob,
        ("blob" or "bytes_" or "bytes", var type) when type == typeof(byte[]) => document.Blob?.ToArray(),
        ("weight", var type) when type == typeof(float) => document.Weight,
        ("offset", var type) when type == typeof(float) => document.Offset,
        ("tags", _) when !document.Tags.ContainsKey("tags") =>
            document.HasTags ? FieldValue.FromJson(FreeTags(document), property, place) : null,
        ("chunks", var type) when property.Documents is { } item && item != type =>
            ListOf(document.HasChunks ? document.Chunks : null, property, item, place),
        ("matches", var type) when property.Documents is { } item && item != type =>
            ListOf(document.HasMatches ? document.Matches : null, property, item, place),
        _ => null,
    };

    /// <summary>Sets a field.</summary>
    /// <returns>Whether the document has such a field of its own, and it is free.</returns>
    public static bool TrySet(Document document, DocumentProperty property, object value)
    {
        switch (property.Name, value)
        {
            case ("id", string):
                return true;
            case ("text", string text) when document.ContentType == DocumentContent.None:
                document.Text = text;
                return true;
            case ("tensor", NdArray tensor) when document.ContentType == DocumentContent.None:
                document.Tensor = tensor;
                return true;
            case ("blob", ReadOnlyMemory<byte> blob) when document.ContentType == DocumentContent.None:
                document.Blob = blob;
                return true;
            case ("embedding", NdArray embedding):
                document.Embedding = embedding;
                return true;
            case ("url", string or Uri):
                document.Uri = value.ToString();
                return true;
            default:
                return TrySetRest(document, property, value);
        }
    }

    private static bool TrySetRest(Document document, DocumentProperty property, object value)
    {
        switch (property.Name, value)
        {
            case ("mime_type", string type):
                document.MimeType = type;
                return true;
            case ("modality", string modality):
                document.Modality = modality;
                return true;
            case ("parent_id", string parent):
                document.ParentId = parent;
                return true;
            case ("weight", float weight):
                document.Weight = weight;
                return true;
            case ("offset", float offset):
                document.Offset = offset;
                return true;
            case ("tags", _) when FieldValue.ToJson(value) is JsonObject tags:
                AddTags(document, tags);
                return true;
            case ("chunks", IEnumerable<BaseDoc> chunks):
                document.Chunks = TypedResults.ToDocuments(chunks);
                return true;
            case ("matches", IEnumerable<BaseDoc> matches):
                document.Matches = TypedResults.ToDocuments(matches);
                return true;
            default:
                return false;
        }
    }

    private static void AddTags(Document document, JsonObject tags)
    {
        foreach (var (name, tag) in tags)
        {
            document.Tags.TryAdd(name, tag?.DeepClone());
        }
    }

    private static JsonObject FreeTags(Document document)
    {
        var kept = document.HasMetadata ? document.Metadata[FieldJson.Kept] as JsonObject : null;
        return new JsonObject(document.Tags
            .Where(tag => kept?.ContainsKey(tag.Key) != true)
            .Select(tag => KeyValuePair.Create(tag.Key, tag.Value?.DeepClone())));
    }

    private static object? ListOf(DocumentArray? documents, DocumentProperty property, Type item, string place) => documents is null
        ? null
        : FieldValue.ToList(
            property.Type,
            item,
            documents.Select((document, at) =>
                DocumentShape.Of(item).Read(document, FormattableString.Invariant($"{place}.{property.Name}[{at}]"))));
}
