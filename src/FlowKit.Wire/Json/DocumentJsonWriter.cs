using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Wire.Proto;
using FlowKit.Wire.Proto.V2;

namespace FlowKit.Wire.Json;

/// <summary>Writes documents in Jina's JSON: snake_case, in Jina's order of fields.</summary>
public static class DocumentJsonWriter
{
    /// <summary>Writes one document.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="document">The document.</param>
    /// <param name="options">How.</param>
    public static void Write(Utf8JsonWriter writer, Document document, JsonWireOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(options);
        Write(writer, document, options, 1);
    }

    /// <summary>Writes a list of documents.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="options">How.</param>
    public static void Write(Utf8JsonWriter writer, DocumentArray documents, JsonWireOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(documents);
        Write(writer, documents, options, 1);
    }

    /// <summary>Writes the documents of a level.</summary>
    internal static void Write(Utf8JsonWriter writer, DocumentArray documents, JsonWireOptions options, int level)
    {
        writer.WriteStartArray();
        foreach (var document in documents)
        {
            Write(writer, document, options, level);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Document document, JsonWireOptions options, int level)
    {
        if (level > DocumentDepth.Max)
        {
            throw new InvalidOperationException(DocumentDepth.Refusal);
        }

        writer.WriteStartObject();
        writer.WriteString("id"u8, document.Id);
        var fields = new FieldWriter(writer, options, level);
        var kept = options.Dialect == DocArrayDialect.V2 ? DocumentFields.KeptOf(document) : null;
        WriteScalars(fields, document, options.Dialect, kept);
        WriteStructure(fields, document);
        if (kept is not null)
        {
            OpenFields.Write(fields, document, kept);
        }

        if (document.Error is { } error)
        {
            WriteError(writer, error);
        }

        writer.WriteEndObject();
    }

    private static void WriteScalars(FieldWriter fields, Document document, DocArrayDialect dialect, JsonObject? kept)
    {
        fields.String("parent_id"u8, document.ParentId);
        fields.Count("granularity"u8, document.Granularity);
        fields.Count("adjacency"u8, document.Adjacency);
        fields.Bytes(NameIn(dialect, document, "bytes_") ? "bytes_"u8 : "blob"u8, document.Blob);
        fields.Array("tensor"u8, document.Tensor);
        fields.String("mime_type"u8, document.MimeType);
        fields.String("text"u8, document.Text);
        fields.Number("weight"u8, document.Weight);
        fields.String(dialect == DocArrayDialect.V1 || NameIn(dialect, document, "uri") ? "uri"u8 : "url"u8, document.Uri);
        fields.Json("tags"u8, OpenFields.TagsOf(document, kept));
        fields.Number("offset"u8, document.Offset);
        fields.Numbers("location"u8, document.Location);
        fields.Array("embedding"u8, document.Embedding);
        fields.String("modality"u8, document.Modality);
    }

    private static void WriteStructure(FieldWriter fields, Document document)
    {
        fields.Scores("evaluations"u8, document.HasEvaluations ? document.Evaluations : null);
        fields.Scores("scores"u8, document.HasScores ? document.Scores : null);
        fields.Documents("chunks"u8, document.HasChunks ? document.Chunks : null);
        fields.Documents("matches"u8, document.HasMatches ? document.Matches : null);
        if (OpenFields.MetadataOf(document) is { } metadata)
        {
            fields.Json("_metadata"u8, metadata);
        }
    }

    /// <summary>Tells whether a field came under a name that is not the usual one of v2.</summary>
    private static bool NameIn(DocArrayDialect dialect, Document document, string name) =>
        dialect == DocArrayDialect.V2 && DocumentFields.Of(document, DocumentFields.Types)?.ContainsKey(name) == true;

    /// <summary>Only a failed document has this field, so that a Jina client sees no other shape than it knows.</summary>
    private static void WriteError(Utf8JsonWriter writer, FlowError error)
    {
        writer.WritePropertyName("error"u8);
        DocumentErrors.ToJson(error).WriteTo(writer);
    }
}
