namespace FlowKit.Routing;

/// <summary>
/// Jina's reduce: a union by document id in which the left-most part wins, and a later part only fills fields that are empty.
/// Chunks and matches are reduced the same way; matches are not sorted.
/// </summary>
public static class DocumentReducer
{
    /// <summary>Reduces several parts to one, changing the first.</summary>
    /// <param name="parts">The parts, left-most first; at least one.</param>
    public static DocumentArray Reduce(IReadOnlyList<DocumentArray> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var result = parts[0];
        for (var i = 1; i < parts.Count; i++)
        {
            Merge(result, parts[i]);
        }

        return result;
    }

    private static void Merge(DocumentArray left, DocumentArray right)
    {
        if (IsSameList(left, right))
        {
            for (var i = 0; i < left.Count; i++)
            {
                Fill(left[i], right[i]);
            }

            return;
        }

        var known = new Dictionary<string, Document>(left.Count, StringComparer.Ordinal);
        foreach (var document in left)
        {
            known.TryAdd(document.Id, document);
        }

        foreach (var document in right)
        {
            if (known.TryGetValue(document.Id, out var same))
            {
                Fill(same, document);
            }
            else
            {
                left.Add(document);
            }
        }
    }

    /// <summary>
    /// The usual case, in which no branch added or removed anything: also keeps apart documents that were sent with one id.
    /// </summary>
    private static bool IsSameList(DocumentArray left, DocumentArray right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!string.Equals(left[i].Id, right[i].Id, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static void Fill(Document left, Document right)
    {
        FillFields(left, right);
        if (right.HasChunks)
        {
            Merge(left.Chunks, right.Chunks);
        }

        if (right.HasMatches)
        {
            Merge(left.Matches, right.Matches);
        }
    }

    /// <summary>Fills what is empty on the left, without chunks and matches.</summary>
    internal static void FillFields(Document left, Document right)
    {
        if (left.ContentType == DocumentContent.None)
        {
            left.Blob = right.Blob;
            left.Tensor ??= right.Tensor;
            left.Text ??= right.Text;
        }

        left.Uri ??= right.Uri;
        left.MimeType ??= right.MimeType;
        left.Modality ??= right.Modality;
        left.Weight ??= right.Weight;
        left.Offset ??= right.Offset;
        left.Location ??= right.Location;
        left.Embedding ??= right.Embedding;
        left.Error ??= right.Error;
        FillStructure(left, right);
    }

    private static void FillStructure(Document left, Document right)
    {
        if (!left.HasTags && right.HasTags)
        {
            left.Tags = right.Tags;
        }

        if (!left.HasMetadata && right.HasMetadata)
        {
            left.Metadata = right.Metadata;
        }

        FillScores(left.Scores, right.HasScores ? right.Scores : null);
        FillScores(left.Evaluations, right.HasEvaluations ? right.Evaluations : null);
    }

    private static void FillScores(Dictionary<string, NamedScore> left, Dictionary<string, NamedScore>? right)
    {
        foreach (var (name, score) in right ?? [])
        {
            left.TryAdd(name, score);
        }
    }
}
