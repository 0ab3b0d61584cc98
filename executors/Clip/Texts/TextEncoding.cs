namespace FlowKit.Executors.Texts;

/// <summary>Embeds the texts of documents, and notes what was cut off a text that is too long.</summary>
internal static class TextEncoding
{
    private const string LostKey = "lost_tokens";
    private const string LostTextKey = "lost_text";

    /// <summary>Gives every document an embedding.</summary>
    /// <param name="share">The model.</param>
    /// <param name="documents">Documents with text.</param>
    /// <param name="batchSize">The most documents that the model takes at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static void Encode(ClipShare share, IEnumerable<Document> documents, int batchSize, CancellationToken cancellationToken)
    {
        foreach (var batch in documents.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            EncodeBatch(share, batch, cancellationToken);
        }
    }

    private static void EncodeBatch(ClipShare share, Document[] batch, CancellationToken cancellationToken)
    {
        var tokens = Array.ConvertAll(batch, document => share.Model.Tokenizer.Encode(document.Text!));
        var embeddings = share.Model.EncodeTokens(tokens, cancellationToken);
        for (var i = 0; i < batch.Length; i++)
        {
            share.Stamp(batch[i], embeddings[i]);
            if (tokens[i].Truncated)
            {
                batch[i].Metadata[LostKey] = tokens[i].LostTokens;
                batch[i].Metadata[LostTextKey] = tokens[i].LostExcerpt;
            }
            else
            {
                batch[i].Metadata.Remove(LostKey);
                batch[i].Metadata.Remove(LostTextKey);
            }
        }
    }
}
