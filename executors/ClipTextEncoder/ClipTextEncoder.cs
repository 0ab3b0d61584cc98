using FlowKit.Clip;
using Microsoft.Extensions.Logging;

namespace FlowKit.Executors;

/// <summary>
/// Gives documents with text the embedding of a CLIP model's text tower: float32, as long as the model's dimension, not scaled to length 1.
/// Documents without text pass untouched. A text longer than the model's context is cut, and <c>_metadata.lost_tokens</c> says by how much.
/// </summary>
/// <param name="options">What <c>uses_with</c> sets.</param>
[Executor("ClipTextEncoder", Description = "Embeds text with a CLIP model.")]
public sealed partial class ClipTextEncoder(ClipTextEncoderOptions options) : Executor
{
    private const string WarmUp = "a photo";
    private const string LostKey = "lost_tokens";

    private ClipShare? _share;

    private ClipShare Share => _share ?? throw new FlowKitException(FlowErrorCode.Unavailable, "The model is not loaded.");

    /// <inheritdoc/>
    public override async Task LoadAsync(CancellationToken cancellationToken)
    {
        AccessPath.Parse(options.AccessPaths);
        _share = await ClipShare.OpenAsync(options.Model, Context, ClipTowers.Text, options.Fallback == "cpu", cancellationToken);
        _share.Model.EncodeTexts([WarmUp], cancellationToken);
        Log.Loaded(Context.Logger, _share.Model.ModelId, _share.Model.Device);
    }

    /// <summary>Embeds the texts of a request.</summary>
    [Requests]
    public void Encode(DocumentArray docs, Parameters parameters, CancellationToken cancellationToken) => Encode(docs, parameters, options.AccessPaths, cancellationToken);

    /// <summary>Embeds queries and their candidates: <c>@r,m</c>.</summary>
    [Requests("/rank")]
    public void Rank(DocumentArray docs, Parameters parameters, CancellationToken cancellationToken) => Encode(docs, parameters, "@r,m", cancellationToken);

    /// <summary>Ids are all that matters here: nothing is embedded.</summary>
    [Requests("/delete", "/status")]
    public static void PassBy()
    {
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _share?.Dispose();
        return base.DisposeAsync();
    }

    private void Encode(DocumentArray docs, Parameters parameters, string path, CancellationToken cancellationToken)
    {
        var request = EncodeParameters.Read(parameters);
        var overwrite = request.OverwriteEmbeddings ?? options.OverwriteEmbeddings;
        var texts = docs[request.Path(path)].Where(document => document.Error is null && !string.IsNullOrEmpty(document.Text) && (overwrite || document.Embedding is null));
        foreach (var batch in texts.Chunk(request.Batch(options.BatchSize)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            EncodeBatch(batch, cancellationToken);
        }
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
            }
            else
            {
                batch[i].Metadata.Remove(LostKey);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Text tower of {Model} on {Device}")]
        public static partial void Loaded(ILogger logger, string model, string device);
    }
}
