using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Wire.Proto.V2;

namespace FlowKit.Wire.Json;

/// <summary>The fields that documents of DocArray v2 have beside those that every document has: tags that are written as fields.</summary>
internal static class OpenFields
{
    /// <summary>Returns the name that a field has in every document.</summary>
    public static string NameOf(string name) => name switch
    {
        "url" => "uri",
        "bytes_" => "blob",
        _ => name,
    };

    /// <summary>Tells whether a field holds content, and the document has other content already.</summary>
    public static bool IsTaken(Document document, string name) =>
        name is "text" or "tensor" or "blob" or "bytes_" && document.ContentType != DocumentContent.None;

    /// <summary>Remembers the name under which a field came, where it is not the usual one.</summary>
    public static void Remember(Document document, string name)
    {
        if (name is "bytes_" or "uri")
        {
            DocumentFields.Remember(document, DocumentFields.Types, name, null);
        }
    }

    /// <summary>Keeps a field among the tags.</summary>
    public static void Keep(ref Utf8JsonReader reader, Document document, string name, string field)
    {
        document.Tags[name] = FieldReader.Node(ref reader, field, name);
        DocumentFields.Remember(document, DocumentFields.Kept, name, null);
    }

    /// <summary>Sets the tags beside the fields that are kept among them.</summary>
    public static void SetTags(Document document, JsonObject tags)
    {
        if (!document.HasTags)
        {
            document.Tags = tags;
            return;
        }

        foreach (var (name, value) in tags.ToList())
        {
            tags.Remove(name);
            document.Tags.TryAdd(name, value);
        }
    }

    /// <summary>Writes the fields that are kept among a document's tags.</summary>
    public static void Write(FieldWriter fields, Document document, JsonObject kept)
    {
        foreach (var (name, value) in document.Tags)
        {
            if (kept.ContainsKey(name))
            {
                fields.Value(name, value);
            }
        }
    }

    /// <summary>The tags that are no fields.</summary>
    public static JsonObject? TagsOf(Document document, JsonObject? kept)
    {
        if (!document.HasTags || kept is null)
        {
            return document.HasTags ? document.Tags : null;
        }

        var tags = document.Tags.Where(tag => !kept.ContainsKey(tag.Key)).ToList();
        return tags.Count == 0
            ? null
            : new JsonObject(tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value?.DeepClone())));
    }

    /// <summary>The metadata without the names of fields.</summary>
    public static JsonObject? MetadataOf(Document document)
    {
        if (!document.HasMetadata)
        {
            return null;
        }

        if (!document.Metadata.ContainsKey(DocumentFields.Kept) && !document.Metadata.ContainsKey(DocumentFields.Types))
        {
            return document.Metadata;
        }

        var rest = document.Metadata.Where(pair => pair.Key is not (DocumentFields.Kept or DocumentFields.Types)).ToList();
        return rest.Count == 0
            ? null
            : new JsonObject(rest.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
    }
}
