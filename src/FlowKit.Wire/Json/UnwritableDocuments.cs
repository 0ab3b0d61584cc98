using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Wire.Json;

/// <summary>
/// Finds what JSON cannot hold, once a reply could not be written: NaN in a tag, text that is not Unicode, objects that hold themselves.
/// Only the document that has it fails.
/// </summary>
internal static class UnwritableDocuments
{
    /// <summary>Returns documents with those failed that cannot be written; <see langword="null"/> when all can.</summary>
    public static DocumentArray? Replace(DocumentArray documents)
    {
        var written = documents.Select(document => (Document: document, Reason: ReasonOf(document, "", []))).ToList();
        return written.TrueForAll(each => each.Reason is null)
            ? null
            : [.. written.Select(each => each.Reason is null ? each.Document : Failed(each.Document, each.Reason))];
    }

    /// <summary>Returns what JSON cannot hold in a value, with its path; <see langword="null"/> when it can hold all of it.</summary>
    public static string? ReasonOf(JsonNode? node, string path) => node switch
    {
        JsonObject map => map.Select(pair => IsUnicode(pair.Key)
                ? ReasonOf(pair.Value, $"{path}.{pair.Key}")
                : $"{path}: a name is no Unicode")
            .FirstOrDefault(reason => reason is not null),
        JsonArray list => list.Select((item, index) => ReasonOf(item, FormattableString.Invariant($"{path}[{index}]")))
            .FirstOrDefault(reason => reason is not null),
        JsonValue value when Refuse(value) is { } reason => $"{path}: {reason}",
        _ => null,
    };

    private static Document Failed(Document document, string reason) => new(IsUnicode(document.Id) ? document.Id : NewId.Next())
    {
        Error = new FlowError(FlowErrorCode.Internal, $"{reason}; the document cannot be written as JSON") { DocumentId = document.Id },
    };

    private static string? ReasonOf(Document document, string path, List<Document> above)
    {
        if (above.Exists(outer => ReferenceEquals(outer, document)))
        {
            return $"{path.TrimEnd('.')}: the document holds itself (a cycle)";
        }

        if (above.Count == DocumentDepth.Max)
        {
            return $"{path.TrimEnd('.')}: {DocumentDepth.Refusal}";
        }

        (string Name, string? Text)[] texts =
        [
            ("id", document.Id), ("text", document.Text), ("uri", document.Uri), ("parent_id", document.ParentId),
            ("mime_type", document.MimeType), ("modality", document.Modality),
        ];
        if (Array.Find(texts, text => text.Text is not null && !IsUnicode(text.Text)).Name is { } name)
        {
            return $"{path}{name}: the text is no Unicode (half of a surrogate pair)";
        }

        return ReasonOf(document.HasTags ? document.Tags : null, $"{path}tags")
            ?? ReasonOf(document.HasMetadata ? document.Metadata : null, $"{path}_metadata")
            ?? ReasonOf(document.HasChunks ? document.Chunks : [], $"{path}chunks", [.. above, document])
            ?? ReasonOf(document.HasMatches ? document.Matches : [], $"{path}matches", [.. above, document]);
    }

    private static string? ReasonOf(DocumentArray documents, string path, List<Document> above) => documents
        .Select((document, index) => ReasonOf(document, FormattableString.Invariant($"{path}[{index}]."), above))
        .FirstOrDefault(reason => reason is not null);

    private static string? Refuse(JsonValue value)
    {
        try
        {
            using var writer = new Utf8JsonWriter(new ArrayBufferWriter<byte>());
            value.WriteTo(writer);
            return null;
        }
        catch (ArgumentException)
        {
            return value.TryGetValue<string>(out _)
                ? "the text is no Unicode (half of a surrogate pair)"
                : "it is NaN or infinite, and JSON has no such number";
        }
        catch (JsonException exception)
        {
            return exception.Message.Contains("cycle", StringComparison.OrdinalIgnoreCase)
                ? "the object holds itself (a cycle)"
                : exception.Message;
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException)
        {
            return exception.Message;
        }
    }

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var used) != OperationStatus.Done)
            {
                return false;
            }

            text = text[used..];
        }

        return true;
    }
}
