using FlowKit.Clip;
using FlowKit.Executors.Images;

namespace FlowKit.Executors;

/// <summary>
/// Gives documents with a picture the embedding of a CLIP model's image tower: float32, as long as the model's dimension, not scaled
/// to length 1. The picture is <c>tensor</c> (H×W×3 uint8) or <c>blob</c> (encoded bytes); documents without one pass untouched, and
/// a picture that cannot be read fails alone.
/// </summary>
/// <param name="options">The options, as <c>uses_with</c> sets them.</param>
[Executor("ClipImageEncoder", Description = "Embeds pictures with a CLIP model.")]
public sealed class ClipImageEncoder(ClipImageEncoderOptions options) : ClipTowerEncoder(options, ClipTowers.Image)
{
    private ImageEncoding? _images;

    private protected override void Prepare(ClipModel model) => _images = new ImageEncoding(Share, options);

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

    private protected override Task EncodeDocumentsAsync(
        IReadOnlyList<Document> documents, int batchSize, RequestContext request, CancellationToken cancellationToken) =>
        _images!.EncodeAsync(documents, batchSize, request, cancellationToken);
}
