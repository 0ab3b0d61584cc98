using System.Text.Json.Nodes;

namespace FlowKit.Wire.Proto.V2;

/// <summary>
/// Writes DocArray v2's DocProto, under the names that <see cref="DocProtoReader"/> reads; what a document lacks is left out.
/// </summary>
internal static class DocProtoWriter
{
    private static readonly JsonObject s_remembered = new() { [DocumentFields.Kept] = null, [DocumentFields.Types] = null };

    public static void Write(ref ProtoWriter writer, Document document)
    {
        var outer = writer.BeginDocument();
        var types = DocumentFields.Of(document, DocumentFields.Types);
        WriteText(ref writer, "id", document.Id, DocumentFields.TypeOf(types, "id", "id"));
        WriteContent(ref writer, document, types);
        WriteTexts(ref writer, document, types);
        WriteNumbers(ref writer, document, types);
        WriteArray(ref writer, "embedding", document.Embedding);
        WriteDocuments(ref writer, "chunks", document.HasChunks ? document.Chunks : null, types);
        WriteDocuments(ref writer, "matches", document.HasMatches ? document.Matches : null, types);
        WriteScores(ref writer, "scores", document.HasScores ? document.Scores : null, types);
        WriteScores(ref writer, "evaluations", document.HasEvaluations ? document.Evaluations : null, types);
        WriteTags(ref writer, document, types);
        WriteMetadata(ref writer, document, types);
        writer.EndDocument(outer);
    }

    private static void WriteContent(ref ProtoWriter writer, Document document, JsonObject? types)
    {
        switch (document.ContentType)
        {
            case DocumentContent.Tensor:
                WriteArray(ref writer, "tensor", document.Tensor);
                break;
            case DocumentContent.Text:
                WriteText(ref writer, "text", document.Text, DocumentFields.TypeOf(types, "text"));
                break;
            case DocumentContent.Blob:
                var name = types?.ContainsKey("bytes_") == true ? "bytes_" : "blob";
                var entry = MapEntry.Begin(ref writer, name);
                writer.PresentBytes((int)NodeKind.Blob, document.Blob.GetValueOrDefault().Span);
                entry.End(ref writer, DocumentFields.TypeOf(types, name));
                break;
        }
    }

    private static void WriteTexts(ref ProtoWriter writer, Document document, JsonObject? types)
    {
        var uri = types?.ContainsKey("uri") == true ? "uri" : "url";
        WriteText(ref writer, uri, document.Uri, DocumentFields.TypeOf(types, uri));
        WriteText(ref writer, "mime_type", document.MimeType, DocumentFields.TypeOf(types, "mime_type"));
        WriteText(ref writer, "modality", document.Modality, DocumentFields.TypeOf(types, "modality"));
        WriteText(ref writer, "parent_id", document.ParentId, DocumentFields.TypeOf(types, "parent_id"));
    }

    private static void WriteNumbers(ref ProtoWriter writer, Document document, JsonObject? types)
    {
        WriteCount(ref writer, "granularity", document.Granularity, types);
        WriteCount(ref writer, "adjacency", document.Adjacency, types);
        WriteNumber(ref writer, "weight", document.Weight, types);
        WriteNumber(ref writer, "offset", document.Offset, types);
        if (document.Location is not { } location)
        {
            return;
        }

        var entry = MapEntry.Begin(ref writer, "location");
        var list = writer.Begin((int)NodeKind.List);
        foreach (var value in location)
        {
            var item = writer.Begin(1);
            writer.PresentDouble((int)NodeKind.Float, value);
            writer.End(item);
        }

        writer.End(list);
        entry.End(ref writer, DocumentFields.TypeOf(types, "location"));
    }

    /// <summary>The tags that came as fields go out as fields, the others as the field <c>tags</c>.</summary>
    private static void WriteTags(ref ProtoWriter writer, Document document, JsonObject? types)
    {
        if (!document.HasTags)
        {
            return;
        }

        var kept = DocumentFields.KeptOf(document);
        if (document.Tags.Any(tag => kept?.ContainsKey(tag.Key) != true))
        {
            var entry = MapEntry.Begin(ref writer, "tags");
            WriteEntries(ref writer, document.Tags, kept, null);
            entry.End(ref writer, DocumentFields.TypeOf(types, "tags"));
        }

        foreach (var (key, value) in document.Tags)
        {
            if (kept?.ContainsKey(key) == true)
            {
                var entry = MapEntry.Begin(ref writer, key);
                NodeWriter.WriteValue(ref writer, value);
                entry.End(ref writer, DocumentFields.TypeOf(kept, key));
            }
        }
    }

    private static void WriteMetadata(ref ProtoWriter writer, Document document, JsonObject? types)
    {
        JsonObject metadata = document.HasMetadata ? document.Metadata : [];
        if (document.Error is null && !metadata.Any(pair => pair.Key is not (DocumentFields.Kept or DocumentFields.Types)))
        {
            return;
        }

        var entry = MapEntry.Begin(ref writer, "_metadata");
        WriteEntries(ref writer, metadata, s_remembered, document.Error);
        entry.End(ref writer, DocumentFields.TypeOf(types, "_metadata"));
    }

    private static void WriteEntries(ref ProtoWriter writer, JsonObject values, JsonObject? without, FlowError? error)
    {
        var dict = writer.Begin((int)NodeKind.Dict);
        foreach (var (key, value) in values)
        {
            if (without?.ContainsKey(key) != true)
            {
                var entry = MapEntry.Begin(ref writer, key);
                NodeWriter.WriteValue(ref writer, value);
                entry.End(ref writer, null);
            }
        }

        if (error is not null)
        {
            var entry = MapEntry.Begin(ref writer, DocumentErrors.Key);
            NodeWriter.WriteValue(ref writer, DocumentErrors.ToJson(error));
            entry.End(ref writer, null);
        }

        writer.End(dict);
    }

    private static void WriteText(ref ProtoWriter writer, string name, string? value, string? type)
    {
        if (value is not null)
        {
            var entry = MapEntry.Begin(ref writer, name);
            writer.PresentString((int)NodeKind.Text, value);
            entry.End(ref writer, type);
        }
    }

    private static void WriteCount(ref ProtoWriter writer, string name, uint value, JsonObject? types)
    {
        if (value != 0)
        {
            var entry = MapEntry.Begin(ref writer, name);
            NodeWriter.WriteValue(ref writer, JsonValue.Create((long)value));
            entry.End(ref writer, DocumentFields.TypeOf(types, name));
        }
    }

    private static void WriteNumber(ref ProtoWriter writer, string name, float? value, JsonObject? types)
    {
        if (value is { } number)
        {
            var entry = MapEntry.Begin(ref writer, name);
            writer.PresentDouble((int)NodeKind.Float, number);
            entry.End(ref writer, DocumentFields.TypeOf(types, name));
        }
    }

    private static void WriteArray(ref ProtoWriter writer, string name, NdArray? array)
    {
        if (array is not null)
        {
            var entry = MapEntry.Begin(ref writer, name);
            NodeWriter.WriteArray(ref writer, array);
            entry.End(ref writer, ArrayTypes.TypeOf(array.Framework));
        }
    }

    private static void WriteDocuments(ref ProtoWriter writer, string name, DocumentArray? documents, JsonObject? types)
    {
        if (documents is null)
        {
            return;
        }

        var entry = MapEntry.Begin(ref writer, name);
        var list = writer.Begin((int)NodeKind.DocList);
        for (var i = 0; i < documents.Count; i++)
        {
            var nested = writer.Begin(1, null, i);
            Write(ref writer, documents[i]);
            writer.End(nested);
        }

        writer.End(list);
        entry.End(ref writer, DocumentFields.TypeOf(types, name));
    }

    private static void WriteScores(ref ProtoWriter writer, string name, Dictionary<string, NamedScore>? scores, JsonObject? types)
    {
        if (scores is not null)
        {
            var entry = MapEntry.Begin(ref writer, name);
            ScoreNodes.Write(ref writer, scores);
            entry.End(ref writer, DocumentFields.TypeOf(types, name));
        }
    }
}
