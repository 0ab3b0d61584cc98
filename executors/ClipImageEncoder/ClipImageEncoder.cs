using System.Buffers;
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

    private protected override void WarmUp(ClipModel model, CancellationToken cancellationToken)
    {
        _input = new ImageInput(model.Preprocessor, options);
        model.EncodePixels(new float[model.Preprocessor.TensorLength], 1, cancellationToken);
    }

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

    private protected override void EncodeBatch(Document[] batch, CancellationToken cancellationToken)
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
}
