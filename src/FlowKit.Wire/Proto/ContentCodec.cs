namespace FlowKit.Wire.Proto;

/// <summary>Jina's DataContentProto: the documents of a request.</summary>
internal static class ContentCodec
{
    /// <summary>Reads the documents, and whether there was a list of them.</summary>
    public static (DocumentArray Documents, bool HasList) Read(
        ref ProtoReader reader, DocArrayDialect dialect, DocumentArray? target = null)
    {
        target ??= [];
        var hasList = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    hasList = true;
                    var outer = reader.Enter("docs");
                    ReadList(ref reader, dialect, target);
                    reader.Leave(outer);
                    break;
                case 2:
                    throw Pickled(ref reader);
                default:
                    reader.Skip();
                    break;
            }
        }

        return (target, hasList);
    }

    /// <summary>Counts the documents without reading them, and tells whether one of them may have failed.</summary>
    public static (int Count, bool MayHaveFailed) Count(ref ProtoReader reader, DocArrayDialect dialect)
    {
        var (count, mayHaveFailed) = (0, false);
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                throw Pickled(ref reader);
            }

            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var outer = reader.Enter("docs");
            while (reader.Next())
            {
                if (reader.Field != 1)
                {
                    reader.Skip();
                    continue;
                }

                var list = reader.Enter(null, count++);
                reader.CountPart(ProtoReader.MinDocumentBytes);
                mayHaveFailed |= DocumentErrors.MayBeIn(ref reader, dialect);
                reader.Leave(list);
            }

            reader.Leave(outer);
        }

        return (count, mayHaveFailed);
    }

    /// <summary>Reads a DocumentArrayProto or a DocListProto.</summary>
    public static void ReadList(ref ProtoReader reader, DocArrayDialect dialect, DocumentArray target)
    {
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                var outer = reader.Enter(null, target.Count);
                target.Add(DocumentCodec.Read(ref reader, dialect));
                reader.Leave(outer);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Writes a list of documents where it holds something or is to be written anyway.</summary>
    public static void Write(ref ProtoWriter writer, DocumentArray documents, DocArrayDialect dialect, DataRequestFields alwaysWritten)
    {
        var hasList = documents.Count > 0 || alwaysWritten.HasFlag(DataRequestFields.Documents);
        if (!hasList && !alwaysWritten.HasFlag(DataRequestFields.Data))
        {
            return;
        }

        var data = writer.Begin(4, "data");
        if (hasList)
        {
            var list = writer.Begin(1, "docs");
            for (var i = 0; i < documents.Count; i++)
            {
                var document = writer.Begin(1, null, i);
                DocumentCodec.Write(ref writer, documents[i], dialect);
                writer.End(document);
            }

            writer.End(list);
        }

        writer.End(data);
    }

    private static FlowKitException Pickled(ref ProtoReader reader) =>
        reader.Fault(
            "docs_bytes", "these are pickled Python objects, which are never read; send the documents as 'docs', as Jina's own clients do");
}
