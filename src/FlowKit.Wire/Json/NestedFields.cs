namespace FlowKit.Wire.Json;

/// <summary>
/// Completes chunks and matches that came as JSON, as Jina does: a sender that nests documents mostly leaves out how deep they are.
/// </summary>
internal static class NestedFields
{
    /// <summary>Sets what the sender left out below a document, whose own fields are known.</summary>
    public static void Complete(Document document)
    {
        if (document.HasChunks)
        {
            foreach (var chunk in document.Chunks)
            {
                chunk.Granularity = chunk.Granularity == 0 ? document.Granularity + 1 : chunk.Granularity;
                chunk.ParentId = string.IsNullOrEmpty(chunk.ParentId) ? document.Id : chunk.ParentId;
                Complete(chunk);
            }
        }

        if (document.HasMatches)
        {
            foreach (var match in document.Matches)
            {
                match.Adjacency = match.Adjacency == 0 ? document.Adjacency + 1 : match.Adjacency;
                Complete(match);
            }
        }
    }
}
