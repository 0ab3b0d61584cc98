namespace FlowKit.Wire.Proto;

/// <summary>
/// Tells the dialects apart by the first document that says something. Both have only the field <c>id</c> / <c>data</c> under number 1:
/// in v2 a document has no other field, and each is an entry of a map, a message of a name (1) and a value (2); in v1 it is the id's text,
/// which begins with a line feed in no id that anybody makes.
/// </summary>
public static class DialectDetection
{
    private const string Name = "DataRequestProto";

    /// <summary>Finds the dialect of a <c>jina.DataRequestProto</c>, without reading more than its first document.</summary>
    /// <param name="message">The message's bytes.</param>
    /// <returns>The dialect; <see langword="null"/> when there is no document, or the message is not valid.</returns>
    public static DocArrayDialect? Detect(ReadOnlyMemory<byte> message)
    {
        try
        {
            var reader = new ProtoReader(message, Name);
            return Find(ref reader, 4) && Find(ref reader, 1) ? FirstOf(ref reader) : null;
        }
        catch (FlowKitException)
        {
            return null;
        }
    }

    /// <summary>Finds the dialect of a <c>jina.SingleDocumentRequestProto</c>.</summary>
    /// <param name="message">The message's bytes.</param>
    /// <returns>The dialect; <see langword="null"/> when there is no document, or the message is not valid.</returns>
    public static DocArrayDialect? DetectSingle(ReadOnlyMemory<byte> message)
    {
        try
        {
            var reader = new ProtoReader(message, Name);
            return Find(ref reader, 4) ? OfDocument(ref reader) : null;
        }
        catch (FlowKitException)
        {
            return null;
        }
    }

    /// <summary>Finds the dialect of a <c>jina.DataRequestListProto</c> by its first request.</summary>
    /// <param name="message">The message's bytes.</param>
    /// <returns>The dialect; <see langword="null"/> when that has no document, or the message is not valid.</returns>
    public static DocArrayDialect? DetectList(ReadOnlyMemory<byte> message)
    {
        try
        {
            var reader = new ProtoReader(message, Name);
            return Find(ref reader, 1) && Find(ref reader, 4) && Find(ref reader, 1) ? FirstOf(ref reader) : null;
        }
        catch (FlowKitException)
        {
            return null;
        }
    }

    /// <summary>Goes into the first field of this number.</summary>
    private static bool Find(ref ProtoReader reader, int field)
    {
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                reader.Enter(null);
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static DocArrayDialect? FirstOf(ref ProtoReader reader)
    {
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var outer = reader.Enter(null);
            if (OfDocument(ref reader) is { } dialect)
            {
                return dialect;
            }

            reader.Leave(outer);
        }

        return null;
    }

    private static DocArrayDialect? OfDocument(ref ProtoReader reader)
    {
        DocArrayDialect? dialect = null;
        while (reader.Next())
        {
            if (reader.Field != 1 || !IsMapEntry(reader.Bytes("id")))
            {
                return DocArrayDialect.V1;
            }

            dialect = DocArrayDialect.V2;
        }

        return dialect;
    }

    private static bool IsMapEntry(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new ProtoReader(bytes, Name);
            var hasName = false;
            while (reader.Next())
            {
                if (reader.Field is not (1 or 2))
                {
                    return false;
                }

                hasName |= reader.Field == 1;
                reader.Bytes("entry");
            }

            return hasName;
        }
        catch (FlowKitException)
        {
            return false;
        }
    }
}
