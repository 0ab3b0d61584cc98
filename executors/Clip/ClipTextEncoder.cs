using FlowKit.Clip;
using FlowKit.Executors.Texts;

namespace FlowKit.Executors;

/// <summary>
/// Gives documents with text the embedding of a CLIP model's text tower: float32, as long as the model's dimension, not scaled to length 1.
/// Documents without text, or with one that cleaning makes empty, pass untouched. A text longer than the model's context is cut:
/// <c>_metadata.lost_tokens</c> says by how much, and <c>_metadata.lost_text</c> which words.
/// </summary>
/// <param name="options">The options, as <c>uses_with</c> sets them.</param>
[Executor("ClipTextEncoder", Description = "Embeds text with a CLIP model.")]
public sealed class ClipTextEncoder(ClipTextEncoderOptions options) : ClipTowerEncoder(options, ClipTowers.Text)
{
    private protected override bool IsForTower(Document document) =>
        BlankText.HasContent(Share.Model, document.Text);

    private protected override Task EncodeDocumentsAsync(
        IReadOnlyList<Document> documents, int batchSize, RequestContext request, CancellationToken cancellationToken)
    {
        TextEncoding.Encode(Share, documents, batchSize, cancellationToken);
        return Task.CompletedTask;
    }
}
