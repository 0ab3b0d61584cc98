using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>
/// Gives documents with a picture the embedding of a CLIP model's image tower: float32, as long as the model's dimension, not scaled
/// to length 1. The picture is <c>tensor</c> (H×W×3 uint8) or <c>blob</c> (encoded bytes); documents without one pass untouched, and
/// a picture that cannot be read fails alone.
/// </summary>
/// <param name="options">What <c>uses_with</c> sets.</param>
[Executor("ClipImageEncoder", Description = "Embeds pictures with a CLIP model.")]
public sealed class ClipImageEncoder(ClipImageEncoderOptions options) : ClipTowerEncoder(options, ClipTowers.Image)
{
    private ImageInput? _input;

    private protected override void Prepare(ClipModel model) => _input = new ImageInput(model, options);

    private protected override bool IsForTower(Document document) => document.ContentType switch
    {
        DocumentContent.Tensor => true,
        DocumentContent.Blob => document.MimeType?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) != true,
        _ => false,
    };

    private protected override void Finish(IReadOnlyList<Document> documents, EncodeParameters request)
    {
        if (request.DropImageContent ?? options.DropImageContent)
        {
            foreach (var document in documents)
            {
                document.ClearContent();
            }
        }
    }

    /// <summary>While the model works on one batch, the pixels of the next are made.</summary>
    private protected override async Task EncodeBatchesAsync(IReadOnlyList<Document[]> batches, CancellationToken cancellationToken)
    {
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

        ImageBatch Start(int index) => new(batches[index], Share, _input!, cancellationToken);
    }
}
