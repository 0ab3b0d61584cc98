namespace FlowKit.Wire.Proto.V1;

/// <summary>Writes DocArray v1's DocumentProto, its fields in the order of their numbers.</summary>
internal static class DocumentProtoWriter
{
    public static void Write(ref ProtoWriter writer, Document document)
    {
        var outer = writer.BeginDocument();
        writer.String(1, document.Id);
        WriteContent(ref writer, document);
        WriteScalars(ref writer, document);
        WriteChildren(ref writer, 14, "chunks", document.HasChunks ? document.Chunks : null);
        WriteChildren(ref writer, 15, "matches", document.HasMatches ? document.Matches : null);
        NdArrayProtoWriter.Write(ref writer, 16, "embedding", document.Embedding);
        if (document.HasTags)
        {
            StructCodec.Write(ref writer, 17, "tags", document.Tags);
        }

        if (document.HasScores)
        {
            ScoreCodec.Write(ref writer, 18, document.Scores);
        }

        if (document.HasEvaluations)
        {
            ScoreCodec.Write(ref writer, 19, document.Evaluations);
        }

        WriteMetadata(ref writer, document);
        writer.EndDocument(outer);
    }

    private static void WriteContent(ref ProtoWriter writer, Document document)
    {
        switch (document.ContentType)
        {
            case DocumentContent.Blob:
                writer.PresentBytes(2, document.Blob.GetValueOrDefault().Span);
                break;
            case DocumentContent.Tensor:
                NdArrayProtoWriter.Write(ref writer, 3, "tensor", document.Tensor);
                break;
            case DocumentContent.Text:
                writer.PresentString(4, document.Text!);
                break;
        }
    }

    private static void WriteScalars(ref ProtoWriter writer, Document document)
    {
        writer.UInt32(5, document.Granularity);
        writer.UInt32(6, document.Adjacency);
        writer.String(7, document.ParentId);
        writer.Single(8, document.Weight ?? 0);
        writer.String(9, document.Uri);
        writer.String(10, document.Modality);
        writer.String(11, document.MimeType);
        writer.Single(12, document.Offset ?? 0);
        if (document.Location is not { Count: > 0 } location)
        {
            return;
        }

        writer.BeginPacked(13, location.Count * sizeof(float));
        foreach (var value in location)
        {
            writer.PackedSingle(value);
        }
    }

    private static void WriteChildren(ref ProtoWriter writer, int field, string name, DocumentArray? children)
    {
        for (var i = 0; i < children?.Count; i++)
        {
            var nested = writer.Begin(field, name, i);
            Write(ref writer, children[i]);
            writer.End(nested);
        }
    }

    /// <summary>DocumentProto has no place for an error; peers carry metadata on without looking at it.</summary>
    private static void WriteMetadata(ref ProtoWriter writer, Document document)
    {
        if (!document.HasMetadata && document.Error is null)
        {
            return;
        }

        var nested = writer.Begin(20, "_metadata");
        if (document.HasMetadata)
        {
            StructCodec.WriteEntries(ref writer, document.Metadata);
        }

        if (document.Error is { } error)
        {
            StructCodec.WriteEntry(ref writer, DocumentErrors.Key, DocumentErrors.ToJson(error));
        }

        writer.End(nested);
    }
}
