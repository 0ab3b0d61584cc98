namespace FlowKit.Runtime.Channels;

/// <summary>The number of bytes of content that documents hold: what fills memory, without the objects around it.</summary>
internal static class ContentSize
{
    public static long Of(DocumentArray documents)
    {
        if (documents.Deferred is { } deferred)
        {
            return deferred.Bytes;
        }

        var bytes = 0L;
        foreach (var document in documents.Span)
        {
            bytes += Of(document);
        }

        return bytes;
    }

    private static long Of(Document document) =>
        (document.Blob?.Length ?? 0)
        + (document.Text?.Length ?? 0) * (long)sizeof(char)
        + (document.Tensor?.Bytes.Length ?? 0)
        + (document.Embedding?.Bytes.Length ?? 0)
        + (document.HasChunks ? Of(document.Chunks) : 0)
        + (document.HasMatches ? Of(document.Matches) : 0);
}
