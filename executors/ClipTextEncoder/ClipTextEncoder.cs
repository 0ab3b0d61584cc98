using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>
/// Gives documents with text the embedding of a CLIP model's text tower: float32, as long as the model's dimension, not scaled to length 1.
/// Documents without text pass untouched. A text longer than the model's context is cut, and <c>_metadata.lost_tokens</c> says by how much.
/// </summary>
/// <param name="options">What <c>uses_with</c> sets.</param>
[Executor("ClipTextEncoder", Description = "Embeds text with a CLIP model.")]
public sealed class ClipTextEncoder(ClipTextEncoderOptions options) : ClipTowerEncoder(options, ClipTowers.Text)
{
    private const string LostKey = "lost_tokens";

    private protected override void WarmUp(ClipModel model, CancellationToken cancellationToken) => model.EncodeTexts(["a photo"], cancellationToken);

    private protected override bool IsForTower(Document document) => !string.IsNullOrEmpty(document.Text);

    private protected override void EncodeBatch(Document[] batch, CancellationToken cancellationToken)
    {
        var tokens = Array.ConvertAll(batch, document => Share.Model.Tokenizer.Encode(document.Text!));
        var embeddings = Share.Model.EncodeTokens(tokens, cancellationToken);
        for (var i = 0; i < batch.Length; i++)
        {
            Share.Stamp(batch[i], embeddings[i]);
            if (tokens[i].Truncated)
            {
                batch[i].Metadata[LostKey] = tokens[i].LostTokens;
            }
            else
            {
                batch[i].Metadata.Remove(LostKey);
            }
        }
    }
}
