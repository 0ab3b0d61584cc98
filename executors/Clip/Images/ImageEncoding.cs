namespace FlowKit.Executors.Images;

/// <summary>Embeds the pictures of documents: while the model works on one batch, the pixels of the next are made.</summary>
/// <param name="share">The model.</param>
/// <param name="options">Options for preparing pictures.</param>
/// <param name="uris">Reads what a <c>uri</c> names; <see langword="null"/> where only <c>tensor</c> and <c>blob</c> are pictures.</param>
internal sealed class ImageEncoding(
    ClipShare share, IImageOptions options, Func<string, CancellationToken, Task<ReadOnlyMemory<byte>>>? uris = null)
{
    private readonly ImageInput _input = new(share.Model, options);

    /// <summary>Gives every document an embedding, or an error of its own.</summary>
    /// <param name="documents">Documents with a picture.</param>
    /// <param name="batchSize">The most documents that the model takes at once.</param>
    /// <param name="request">The request that they belong to; <see langword="null"/> where nobody counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task EncodeAsync(
        IEnumerable<Document> documents, int batchSize, RequestContext? request, CancellationToken cancellationToken)
    {
        var budget = _input.BudgetOf(request);
        var batches = documents.Chunk(batchSize).ToList();
        var next = batches.Count > 0 ? Start(0) : null;
        try
        {
            for (var i = 0; next is { } batch; i++)
            {
                await batch.Ready;
                next = i + 1 < batches.Count ? Start(i + 1) : null;
                await using (batch)
                {
                    batch.Embed(cancellationToken);
                }
            }
        }
        finally
        {
            if (next is not null)
            {
                await next.DisposeAsync();
            }
        }

        ImageBatch Start(int index) => new(batches[index], share, _input, budget, uris, cancellationToken);
    }
}
