namespace FlowKit.VectorStores;

/// <summary>A stored document with some of its fields changed.</summary>
internal static class DocumentMerge
{
    /// <summary>
    /// Returns what is stored with the fields that a change has; tags and metadata are merged name by name, and null takes one away.
    /// </summary>
    /// <param name="stored">The document of the store with its embedding; it is not changed.</param>
    /// <param name="change">The fields to be changed.</param>
    public static Document Of(Document stored, Document change)
    {
        var result = stored.Clone();
        result.Embedding = stored.Embedding;
        result.Text = change.Text ?? result.Text;
        result.Blob = change.Blob ?? result.Blob;
        result.Tensor = change.Tensor ?? result.Tensor;
        result.Uri = change.Uri ?? result.Uri;
        result.MimeType = change.MimeType ?? result.MimeType;
        result.Modality = change.Modality ?? result.Modality;
        result.Weight = change.Weight ?? result.Weight;
        result.Offset = change.Offset ?? result.Offset;
        result.Location = change.Location ?? result.Location;
        result.ParentId = change.ParentId ?? result.ParentId;
        if (change.HasTags)
        {
            Merge(change.Tags, result.Tags);
        }

        if (change.HasChunks)
        {
            result.Chunks = change.Chunks;
        }

        return result;
    }

    private static void Merge(System.Text.Json.Nodes.JsonObject changes, System.Text.Json.Nodes.JsonObject into)
    {
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                into.Remove(name);
            }
            else
            {
                into[name] = value.DeepClone();
            }
        }
    }
}
