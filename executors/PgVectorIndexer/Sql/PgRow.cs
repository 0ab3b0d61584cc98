using System.Text;
using System.Text.Json.Nodes;
using FlowKit.VectorStores;
using Npgsql;
using Pgvector;

namespace FlowKit.Executors.Sql;

/// <summary>A row of the table.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Document">The document as compact JSON, without its embedding.</param>
/// <param name="Fields">The part of it that filters read.</param>
/// <param name="Embedding">The embedding.</param>
/// <param name="Words">Its words as a <c>tsvector</c>; <see langword="null"/> where none are searched.</param>
internal sealed record PgRow(string Id, string Document, string Fields, float[] Embedding, string? Words)
{
    /// <summary>The row of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="withContent">Whether bytes, pixels and data URIs are kept.</param>
    /// <param name="wordsOf">Its words.</param>
    /// <exception cref="FlowKitException">It holds what PostgreSQL's jsonb cannot.</exception>
    public static PgRow Of(Document document, bool withContent, Func<Document, string?> wordsOf)
    {
        var json = Encoding.UTF8.GetString(StoredDocument.Write(document, withContent));
        var fields = JsonNode.Parse(json)!.AsObject();
        foreach (var large in (ReadOnlySpan<string>)["blob", "tensor", "chunks"])
        {
            fields.Remove(large);
        }

        var text = fields.ToJsonString();
        return text.Contains("\\u0000", StringComparison.Ordinal)
            ? throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"The document '{document.Id}' holds the character NUL, which PostgreSQL cannot keep.")
            : new PgRow(document.Id, json, text, document.Embedding!.ToFloats(), wordsOf(document));
    }

    /// <summary>The embedding where it is selected.</summary>
    public static string EmbeddingColumn(FieldSelection fields) => fields.HasEmbedding ? "embedding" : "NULL::vector";

    /// <summary>Reads the columns <c>document, embedding</c>.</summary>
    public static Document Read(NpgsqlDataReader reader, FieldSelection fields)
    {
        var document = StoredDocument.Read(Encoding.UTF8.GetBytes(reader.GetString(0)));
        document.Embedding = fields.HasEmbedding ? NdArray.Wrap(reader.GetFieldValue<Vector>(1).ToArray()) : null;
        return fields.Apply(document);
    }
}
