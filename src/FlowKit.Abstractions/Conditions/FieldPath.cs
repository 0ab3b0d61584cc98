using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>A field or a part of one, as <c>tags__a__b</c>.</summary>
internal sealed class FieldPath
{
    private const string Separator = "__";
    private static readonly string[] ScoreParts = ["value", "op_name", "description", "ref_id"];

    private FieldPath(string name, Func<Document, FieldValue> read) => (Name, Read) = (name, read);

    /// <summary>As the query writes it.</summary>
    public string Name { get; }

    /// <summary>Its value in a document.</summary>
    public Func<Document, FieldValue> Read { get; }

    /// <summary>Tells whether <c>$exists</c> takes an empty value for absent.</summary>
    public bool EmptyIsMissing { get; private init; }

    /// <summary>Tells whether only <c>$size</c> and <c>$exists</c> have a meaning.</summary>
    public bool IsOpaque { get; private init; }

    /// <summary>Reads a path.</summary>
    /// <param name="name">As the query writes it.</param>
    /// <param name="place">Where in the query it is.</param>
    public static FieldPath Parse(string name, string place)
    {
        var cut = name.IndexOf(Separator, Math.Min(1, name.Length), StringComparison.Ordinal);
        var (head, rest) = cut < 0 ? (name, null) : (name[..cut], name[(cut + Separator.Length)..]);
        if (!DocumentField.ByName.TryGetValue(head, out var field))
        {
            var hint = NearestName.Hint(head, DocumentField.ByName.Keys);
            if (hint.Length == 0)
            {
                hint = $"; expected one of {string.Join(", ", DocumentField.ByName.Keys.Order(StringComparer.Ordinal))}, "
                    + "or tags__NAME for data of your own.";
            }

            throw QueryError.At(place, $"a document has no field '{head}'{hint}");
        }

        if (rest is null)
        {
            return new FieldPath(name, field.Read)
            {
                EmptyIsMissing = field.EmptyIsMissing,
                IsOpaque = field.Shape is not (FieldShape.Plain or FieldShape.Json),
            };
        }

        return field.Shape switch
        {
            FieldShape.Json => new FieldPath(name, ReadJson(field, rest.Split(Separator))),
            FieldShape.Scores => ParseScore(name, head == "scores", rest, place),
            FieldShape.Documents => ParseDocument(name, head == "chunks", rest, place),
            _ =>
                throw QueryError.At(place, $"the field '{head}' has no parts, so that '{name}' names nothing; only tags, _metadata, "
                    + $"location, scores, evaluations, chunks and matches have."),
        };
    }

    private static Func<Document, FieldValue> ReadJson(DocumentField field, string[] parts) => document =>
    {
        var node = field.Read(document).AsJson;
        foreach (var part in parts)
        {
            node = node switch
            {
                JsonObject entries => entries.TryGetPropertyValue(part, out var value) ? value : null,
                JsonArray array => At(array, part),
                _ => null,
            };
        }

        return FieldValue.Of(node);
    };

    private static FieldPath ParseScore(string name, bool isScore, string rest, string place)
    {
        var cut = rest.LastIndexOf(Separator, StringComparison.Ordinal);
        var part = cut < 0 ? null : rest[(cut + Separator.Length)..];
        var score = cut < 0 ? rest : rest[..cut];
        if (part is not null && !ScoreParts.Contains(part))
        {
            throw QueryError.At(
                place, $"a score has no '{part}'{NearestName.Hint(part, ScoreParts)}; expected one of {string.Join(", ", ScoreParts)}.");
        }

        return new FieldPath(name, document => ReadScore(document, isScore, score, part)) { IsOpaque = part is null };
    }

    private static FieldValue ReadScore(Document document, bool isScore, string name, string? part)
    {
        // Asking a document for scores that it does not have would make them.
        var hasAny = isScore ? document.HasScores : document.HasEvaluations;
        if (!hasAny || !(isScore ? document.Scores : document.Evaluations).TryGetValue(name, out var score))
        {
            return default;
        }

        return part switch
        {
            null => FieldValue.OfSize(1),
            "value" => FieldValue.Of(score.Value),
            "op_name" => FieldValue.Of(score.OpName ?? ""),
            "description" => FieldValue.Of(score.Description ?? ""),
            _ => FieldValue.Of(score.RefId ?? ""),
        };
    }

    private static FieldPath ParseDocument(string name, bool isChunk, string rest, string place)
    {
        var cut = rest.IndexOf(Separator, StringComparison.Ordinal);
        var key = cut < 0 ? rest : rest[..cut];
        var inner = cut < 0 ? null : Parse(rest[(cut + Separator.Length)..], place);
        return new FieldPath(name, Read)
        {
            IsOpaque = inner?.IsOpaque ?? true,
        };

        FieldValue Read(Document document)
        {
            if (Pick(ListOf(document, isChunk), key) is not { } found)
            {
                return default;
            }

            return inner is null ? FieldValue.OfSize(1) : inner.Read(found);
        }
    }

    /// <summary>Gets the chunks or matches without making an empty list of them; <see langword="null"/> when there are none.</summary>
    private static DocumentArray? ListOf(Document document, bool isChunk)
    {
        var hasAny = isChunk ? document.HasChunks : document.HasMatches;
        if (!hasAny)
        {
            return null;
        }

        return isChunk ? document.Chunks : document.Matches;
    }

    private static Document? Pick(DocumentArray? documents, string key)
    {
        if (documents is null)
        {
            return null;
        }

        if (TryIndex(key, documents.Count, out var index))
        {
            return documents[index];
        }

        return documents.Find(key);
    }

    private static JsonNode? At(JsonArray array, string part) => TryIndex(part, array.Count, out var index) ? array[index] : null;

    /// <summary>A place from 0, or from the end when it is negative.</summary>
    private static bool TryIndex(string part, int count, out int index)
    {
        var isNumber = int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index);
        index = index < 0 ? index + count : index;
        return isNumber && index >= 0 && index < count;
    }
}
