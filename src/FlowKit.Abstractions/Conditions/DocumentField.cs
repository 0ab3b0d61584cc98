using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>A field that queries know, read without creating what a document has not. Unset ones have DocArray's defaults.</summary>
/// <param name="Shape">What is inside.</param>
/// <param name="Read">Its value.</param>
/// <param name="EmptyIsMissing">Whether <c>$exists</c> takes its default for absent (<c>default_values</c> of DocArray).</param>
/// <param name="IsText">Whether it is compared with texts only.</param>
internal sealed record DocumentField(
    FieldShape Shape, Func<Document, FieldValue> Read, bool EmptyIsMissing = true, bool IsText = false)
{
    private static readonly JsonObject s_nothing = [];

    /// <summary>All fields by their name on the wire.</summary>
    public static readonly FrozenDictionary<string, DocumentField> ByName = new Dictionary<string, DocumentField>
    {
        ["id"] = new(FieldShape.Plain, document => FieldValue.Of(document.Id), EmptyIsMissing: false, IsText: true),
        ["parent_id"] = Text(document => document.ParentId),
        ["granularity"] = Number(document => document.Granularity),
        ["adjacency"] = Number(document => document.Adjacency),
        ["text"] = Text(document => document.Text),
        ["blob"] = new(FieldShape.Opaque, document => FieldValue.OfSize(document.Blob?.Length ?? 0)),
        ["tensor"] = new(FieldShape.Opaque, document => FieldValue.Of(document.Tensor), EmptyIsMissing: false),
        ["content"] = new(FieldShape.Plain, ReadContent, EmptyIsMissing: false),
        ["content_type"] =
            new(FieldShape.Plain, document => FieldValue.Of(NameOf(document.ContentType)), EmptyIsMissing: false, IsText: true),
        ["weight"] = Number(document => document.Weight ?? 0),
        ["uri"] = Text(document => document.Uri),
        ["modality"] = Text(document => document.Modality),
        ["mime_type"] = Text(document => document.MimeType),
        ["offset"] = Number(document => document.Offset ?? 0),
        ["location"] = new(FieldShape.Json, document => FieldValue.Of(ReadLocation(document))),
        ["embedding"] = new(FieldShape.Opaque, document => FieldValue.Of(document.Embedding), EmptyIsMissing: false),
        ["tags"] = new(FieldShape.Json, document => FieldValue.Of(document.HasTags ? document.Tags : s_nothing)),
        ["_metadata"] = new(FieldShape.Json, document => FieldValue.Of(document.HasMetadata ? document.Metadata : s_nothing)),
        ["scores"] = new(FieldShape.Scores, document => FieldValue.OfSize(document.HasScores ? document.Scores.Count : 0)),
        ["evaluations"] = new(FieldShape.Scores, document => FieldValue.OfSize(document.HasEvaluations ? document.Evaluations.Count : 0)),
        ["chunks"] = new(FieldShape.Documents, document => FieldValue.OfSize(document.HasChunks ? document.Chunks.Count : 0)),
        ["matches"] = new(FieldShape.Documents, document => FieldValue.OfSize(document.HasMatches ? document.Matches.Count : 0)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static DocumentField Text(Func<Document, string?> read) =>
        new(FieldShape.Plain, document => FieldValue.Of(read(document) ?? ""), IsText: true);

    private static DocumentField Number(Func<Document, double> read) => new(FieldShape.Plain, document => FieldValue.Of(read(document)));

    private static FieldValue ReadContent(Document document) => document.ContentType switch
    {
        DocumentContent.Text => FieldValue.Of(document.Text),
        DocumentContent.Tensor => FieldValue.Of(document.Tensor),
        DocumentContent.Blob => FieldValue.OfSize(document.Blob!.Value.Length),
        _ => default,
    };

    private static string? NameOf(DocumentContent content) => content switch
    {
        DocumentContent.Text => "text",
        DocumentContent.Tensor => "tensor",
        DocumentContent.Blob => "blob",
        _ => null,
    };

    private static JsonArray ReadLocation(Document document) => [.. (document.Location ?? []).Select(value => JsonValue.Create(value))];
}
