namespace FlowKit.VectorStores;

/// <summary>Checks that a document can be indexed or searched with; a document that cannot fails without failing its request.</summary>
internal static class IndexableDocument
{
    /// <summary>Indicates whether the document can be stored; fails the document when it cannot.</summary>
    public static bool Check(Document document) => CheckId(document) && CheckEmbedding(document);

    /// <summary>Indicates whether the document has a usable embedding; fails the document when it has none.</summary>
    public static bool CheckEmbedding(Document document)
    {
        if (document.Embedding is not { Length: > 0 } embedding)
        {
            document.Fail(
                FlowErrorCode.InvalidArgument,
                "embedding: the document has none; it holds no text or image that an encoder before the index could embed.");
            return false;
        }

        if (embedding.ToFloats().AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            document.Fail(FlowErrorCode.InvalidArgument, "embedding: it holds NaN or infinite numbers.");
            return false;
        }

        if (!embedding.ToFloats().AsSpan().ContainsAnyExcept(0f))
        {
            document.Fail(
                FlowErrorCode.InvalidArgument,
                "embedding: all its numbers are 0; such a vector has no direction, and its cosine with any other says nothing.");
            return false;
        }

        return true;
    }

    /// <summary>SQLite ends a text at NUL and has no lone surrogates: such an id would come back as another one.</summary>
    private static bool CheckId(Document document)
    {
        if (document.Id.Length > 0 && !document.Id.Contains('\0', StringComparison.Ordinal) && IsUnicode(document.Id))
        {
            return true;
        }

        document.Fail(FlowErrorCode.InvalidArgument, "id: it is empty, or holds NUL or half of a surrogate pair.");
        return false;
    }

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (System.Text.Rune.DecodeFromUtf16(text, out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[used..];
        }

        return true;
    }
}
