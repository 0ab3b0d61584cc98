using System.Buffers;
using FlowKit.Clip;
using Microsoft.Extensions.Logging;

namespace FlowKit.Executors;

/// <summary>
/// Gives documents with a picture the embedding of a CLIP model's image tower: float32, as long as the model's dimension, not scaled
/// to length 1. The picture is <c>tensor</c> (H×W×3 uint8) or <c>blob</c> (encoded bytes); documents without one pass untouched, and
/// a picture that cannot be read fails alone.
/// </summary>
/// <param name="options">What <c>uses_with</c> sets.</param>
[Executor("ClipImageEncoder", Description = "Embeds pictures with a CLIP model.")]
public sealed partial class ClipImageEncoder(ClipImageEncoderOptions options) : Executor
{
    private ClipShare? _share;
    private ImageInput? _input;

    private ClipShare Share => _share ?? throw new FlowKitException(FlowErrorCode.Unavailable, "The model is not loaded.");

    /// <inheritdoc/>
    public override async Task LoadAsync(CancellationToken cancellationToken)
    {
        AccessPath.Parse(options.AccessPaths);
        _share = await ClipShare.OpenAsync(options.Model, Context, ClipTowers.Image, options.Fallback == "cpu", cancellationToken);
        _input = new ImageInput(_share.Model.Preprocessor, options);
        _share.Model.EncodePixels(new float[_share.Model.Preprocessor.TensorLength], 1, cancellationToken);
        Log.Loaded(Context.Logger, _share.Model.ModelId, _share.Model.Device);
    }

    /// <summary>Embeds the pictures of a request.</summary>
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

    private static bool HasImage(Document document) => document.ContentType switch
    {
        DocumentContent.Tensor => true,
        DocumentContent.Blob => document.MimeType?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) != true,
        _ => false,
    };

    private void Encode(DocumentArray docs, Parameters parameters, string path, CancellationToken cancellationToken)
    {
        var request = EncodeParameters.Read(parameters);
        var overwrite = request.OverwriteEmbeddings ?? options.OverwriteEmbeddings;
        var images = docs[request.Path(path)].Where(document => document.Error is null && HasImage(document)).ToList();
        foreach (var batch in images.Where(document => overwrite || document.Embedding is null).Chunk(request.Batch(options.BatchSize)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            EncodeBatch(batch, cancellationToken);
        }

        if (request.DropImageContent ?? options.DropImageContent)
        {
            images.ForEach(document => document.ClearContent());
        }
    }

    private void EncodeBatch(Document[] batch, CancellationToken cancellationToken)
    {
        var each = Share.Model.Preprocessor.TensorLength;
        var pixels = ArrayPool<float>.Shared.Rent(batch.Length * each);
        try
        {
            Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => Prepare(batch[i], pixels.AsSpan(i * each, each)));
            var readable = Compact(batch, pixels, each);
            var embeddings = Share.Model.EncodePixels(pixels.AsMemory(0, readable.Count * each), readable.Count, cancellationToken);
            for (var i = 0; i < readable.Count; i++)
            {
                Share.Stamp(readable[i], embeddings[i]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pixels);
        }
    }

    private void Prepare(Document document, Span<float> target)
    {
        try
        {
            _input!.Write(document, target);
        }
        catch (FlowKitException exception)
        {
            document.Fail(exception.Error.Code, exception.Message);
        }
    }

    /// <summary>Moves the readable pictures together, so that an unreadable one costs the model nothing.</summary>
    private static List<Document> Compact(Document[] batch, float[] pixels, int each)
    {
        var readable = new List<Document>(batch.Length);
        for (var i = 0; i < batch.Length; i++)
        {
            if (batch[i].Error is not null)
            {
                continue;
            }

            if (i != readable.Count)
            {
                pixels.AsSpan(i * each, each).CopyTo(pixels.AsSpan(readable.Count * each, each));
            }

            readable.Add(batch[i]);
        }

        return readable;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Image tower of {Model} on {Device}")]
        public static partial void Loaded(ILogger logger, string model, string device);
    }
}
