namespace FlowKit.Wire.Proto.V1;

/// <summary>Reads DocArray v1's DocumentProto. A document without an id gets one, as in Jina.</summary>
internal static class DocumentProtoReader
{
    public static Document Read(ref ProtoReader reader)
    {
        reader.CountPart(ProtoReader.MinDocumentBytes);
        var outer = reader.BeginDocument();
        var document = new Document("");
        List<float>? location = null;
        while (reader.Next())
        {
            if (!ReadScalar(ref reader, document) && !ReadStructure(ref reader, document, ref location))
            {
                reader.Skip();
            }
        }

        if (document.Id.Length == 0)
        {
            document.Id = NewId.Next();
        }

        reader.EndDocument(outer);
        return document;
    }

    private static bool ReadScalar(ref ProtoReader reader, Document document)
    {
        switch (reader.Field)
        {
            case 1:
                document.Id = reader.String("id");
                return true;
            case 2:
                document.Blob = reader.Bytes("blob");
                return true;
            case 4:
                document.Text = reader.String("text");
                return true;
            case 5:
                document.Granularity = reader.UInt32("granularity");
                return true;
            case 6:
                document.Adjacency = reader.UInt32("adjacency");
                return true;
            case 7:
                document.ParentId = reader.String("parent_id");
                return true;
            case 8:
                document.Weight = reader.Single("weight");
                return true;
            case 9:
                document.Uri = reader.String("uri");
                return true;
            case 10:
                document.Modality = reader.String("modality");
                return true;
            case 11:
                document.MimeType = reader.String("mime_type");
                return true;
            case 12:
                document.Offset = reader.Single("offset");
                return true;
            default:
                return false;
        }
    }

    private static bool ReadStructure(ref ProtoReader reader, Document document, ref List<float>? location)
    {
        switch (reader.Field)
        {
            case 3:
                document.Tensor = NdArrayProtoReader.Read(ref reader, "tensor");
                return true;
            case 13:
                document.Location = location ??= [];
                reader.Singles(location, "location");
                return true;
            case 14:
                ReadChild(ref reader, document.Chunks, "chunks");
                return true;
            case 15:
                ReadChild(ref reader, document.Matches, "matches");
                return true;
            case 16:
                document.Embedding = NdArrayProtoReader.Read(ref reader, "embedding");
                return true;
            case 17:
                StructCodec.Read(ref reader, "tags", document.Tags);
                return true;
            case 18:
                ScoreCodec.ReadEntry(ref reader, "scores", document.Scores);
                return true;
            case 19:
                ScoreCodec.ReadEntry(ref reader, "evaluations", document.Evaluations);
                return true;
            case 20:
                StructCodec.Read(ref reader, "_metadata", document.Metadata);
                document.Error = DocumentErrors.TakeFrom(document.Metadata);
                return true;
            default:
                return false;
        }
    }

    private static void ReadChild(ref ProtoReader reader, DocumentArray target, string name)
    {
        var outer = reader.Enter(name, target.Count);
        target.Add(Read(ref reader));
        reader.Leave(outer);
    }
}
