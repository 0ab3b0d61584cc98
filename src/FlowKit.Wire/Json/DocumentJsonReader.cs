using System.Text.Json;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Json;

/// <summary>
/// Reads documents in Jina's JSON; snake_case and camelCase alike. Unknown fields are ignored, but for those of v2, which become tags.
/// </summary>
public static class DocumentJsonReader
{
    /// <summary>Reads a list of documents.</summary>
    /// <param name="reader">Stands on <c>[</c>.</param>
    /// <param name="field">What the list is called, for errors.</param>
    /// <exception cref="JsonException">The JSON is not a list of documents.</exception>
    public static DocumentArray ReadList(ref Utf8JsonReader reader, string field) => ReadList(ref reader, field, 1, DocArrayDialect.V1);

    /// <summary>Reads a list of documents of a dialect.</summary>
    internal static DocumentArray ReadList(ref Utf8JsonReader reader, string field, DocArrayDialect dialect) =>
        ReadList(ref reader, field, 1, dialect);

    /// <summary>Reads one document of a dialect.</summary>
    internal static Document Read(ref Utf8JsonReader reader, string field, DocArrayDialect dialect) => Read(ref reader, field, 1, dialect);

    /// <summary>Reads one document.</summary>
    /// <param name="reader">Stands on <c>{</c>.</param>
    /// <param name="field">What the document is called, for errors.</param>
    /// <exception cref="JsonException">The JSON is not a document.</exception>
    public static Document Read(ref Utf8JsonReader reader, string field) => Read(ref reader, field, 1, DocArrayDialect.V1);

    /// <summary>Reads a text that is one document.</summary>
    /// <param name="utf8">The whole text.</param>
    /// <exception cref="JsonException">It is not JSON, not a document, or more than one.</exception>
    public static Document Read(ReadOnlySpan<byte> utf8)
    {
        var options = new JsonReaderOptions { MaxDepth = DocumentDepth.MaxJson };
        JsonPartLimit.Check(utf8, options);
        var reader = new Utf8JsonReader(utf8, options);
        reader.Read();
        var document = Read(ref reader, "document");
        reader.Read();
        JsonUnicode.CheckEscapes(utf8);
        NestedFields.Complete(document);
        return document;
    }

    private static DocumentArray ReadList(ref Utf8JsonReader reader, string field, int level, DocArrayDialect dialect)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new WireFormatException(field, "value is not a valid list");
        }

        var documents = new DocumentArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            documents.Add(Read(ref reader, $"{field}[{documents.Count}]", level, dialect));
        }

        return documents;
    }

    private static Document Read(ref Utf8JsonReader reader, string field, int level, DocArrayDialect dialect)
    {
        if (level > DocumentDepth.Max)
        {
            throw new WireFormatException(field, DocumentDepth.Refusal);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new WireFormatException(field, "value is not a valid dict");
        }

        string? id = null;
        var document = new Document("");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (name == "id")
            {
                id = FieldReader.Text(ref reader, field, name);
            }
            else if (dialect == DocArrayDialect.V2)
            {
                if (OpenFields.IsTaken(document, name) || !ReadField(ref reader, document, OpenFields.NameOf(name), field, level, dialect))
                {
                    OpenFields.Keep(ref reader, document, name, field);
                }
                else
                {
                    OpenFields.Remember(document, name);
                }
            }
            else if (!ReadField(ref reader, document, name, field, level, dialect))
            {
                reader.Skip();
            }
        }

        document.Id = string.IsNullOrEmpty(id) ? NewId.Next() : id;
        return document;
    }

    private static bool ReadField(
        ref Utf8JsonReader reader, Document document, string name, string field, int level, DocArrayDialect dialect) =>
        ReadScalar(ref reader, document, name, field) || ReadStructure(ref reader, document, name, field, level, dialect);

    private static bool ReadScalar(ref Utf8JsonReader reader, Document document, string name, string field)
    {
        switch (name)
        {
            case "text":
                document.Text = FieldReader.Text(ref reader, field, name);
                return true;
            case "uri":
                document.Uri = FieldReader.Text(ref reader, field, name);
                return true;
            case "blob":
                document.Blob = FieldReader.Bytes(ref reader, field, name);
                return true;
            case "parent_id" or "parentId":
                document.ParentId = FieldReader.Text(ref reader, field, name);
                return true;
            case "modality":
                document.Modality = FieldReader.Text(ref reader, field, name);
                return true;
            case "mime_type" or "mimeType":
                document.MimeType = FieldReader.Text(ref reader, field, name);
                return true;
            case "granularity":
                document.Granularity = FieldReader.Count(ref reader, field, name);
                return true;
            case "adjacency":
                document.Adjacency = FieldReader.Count(ref reader, field, name);
                return true;
            case "weight":
                document.Weight = FieldReader.Number(ref reader, field, name);
                return true;
            case "offset":
                document.Offset = FieldReader.Number(ref reader, field, name);
                return true;
            default:
                return false;
        }
    }

    private static bool ReadStructure(
        ref Utf8JsonReader reader, Document document, string name, string field, int level, DocArrayDialect dialect)
    {
        switch (name)
        {
            case "tensor":
                document.Tensor = JsonArrayReader.Read(ref reader, asFloat32: false, $"{field}.tensor");
                return true;
            case "embedding":
                document.Embedding = JsonArrayReader.Read(ref reader, asFloat32: true, $"{field}.embedding");
                return true;
            case "location":
                document.Location = JsonArrayReader.Read(ref reader, asFloat32: true, $"{field}.location").ToFloats();
                return true;
            case "tags":
                OpenFields.SetTags(document, FieldReader.Object(ref reader, field, name));
                return true;
            case "_metadata":
                document.Metadata = FieldReader.Object(ref reader, field, name);
                return true;
            case "chunks":
                document.Chunks = ReadList(ref reader, $"{field}.chunks", level + 1, dialect);
                return true;
            case "matches":
                document.Matches = ReadList(ref reader, $"{field}.matches", level + 1, dialect);
                return true;
            case "scores":
                FieldReader.Scores(ref reader, document.Scores, field, name);
                return true;
            case "evaluations":
                FieldReader.Scores(ref reader, document.Evaluations, field, name);
                return true;
            case "error":
                document.Error = FieldReader.Error(ref reader, field, name);
                return true;
            default:
                return false;
        }
    }
}
