using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>
/// Gives documents with text the embedding of a CLIP model's text tower: float32, as long as the model's dimension, not scaled to length 1.
/// Documents without text pass untouched. A text longer than the model's context is cut: <c>_metadata.lost_tokens</c> says
/// by how much, and <c>_metadata.lost_text</c> which words.
/// </summary>
/// <param name="options">What <c>uses_with</c> sets.</param>
[Executor("ClipTextEncoder", Description = "Embeds text with a CLIP model.")]
public sealed class ClipTextEncoder(ClipTextEncoderOptions options) : ClipTowerEncoder(options, ClipTowers.Text)
{
    private const string LostKey = "lost_tokens";
    private const string LostTextKey = "lost_text";

    private protected override bool IsForTower(Document document) => !string.IsNullOrEmpty(document.Text);

    private protected override Task EncodeBatchesAsync(IReadOnlyList<Document[]> batches, CancellationToken cancellationToken)
    {
        foreach (var batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            EncodeBatch(batch, cancellationToken);
        }

        return Task.CompletedTask;
    }

    private void EncodeBatch(Document[] batch, CancellationToken cancellationToken)
    {
        var tokens = Array.ConvertAll(batch, document => Share.Model.Tokenizer.Encode(document.Text!));
        var embeddings = Share.Model.EncodeTokens(tokens, cancellationToken);
        for (var i = 0; i < batch.Length; i++)
        {
            Share.Stamp(batch[i], embeddings[i]);
            if (tokens[i].Truncated)
            {
                batch[i].Metadata[LostKey] = tokens[i].LostTokens;
                batch[i].Metadata[LostTextKey] = tokens[i].LostText;
            }
            else
            {
                batch[i].Metadata.Remove(LostKey);
                batch[i].Metadata.Remove(LostTextKey);
            }
        }
    }
}
