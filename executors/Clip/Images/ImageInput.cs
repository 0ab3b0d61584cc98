using System.Runtime.InteropServices;
using FlowKit.Clip;
using FlowKit.Imaging;

namespace FlowKit.Executors.Images;

/// <summary>Writes a document's picture into a batch, whatever form it came in.</summary>
internal sealed class ImageInput(ClipModel model, IImageOptions options)
{
    private readonly ImageDecodeOptions _decoding = new() { Orientation = options.Exif };

    /// <summary>Returns the limits of a request's pictures.</summary>
    public PixelBudget BudgetOf(RequestContext? request) =>
        new(options.MaxRequestPixels * (request?.Requests ?? 1), request?.Memory);

    /// <exception cref="FlowKitException">The document does not hold what the options promise; the message names the field.</exception>
    public void Write(Document document, ReadOnlyMemory<byte>? file, PixelBudget budget, PixelBatch target, int index)
    {
        if (!options.UseDefaultPreprocessing)
        {
            WriteReady(
                document.Tensor
                    ?? throw Refuse(FieldOf(document), "encoded bytes need preprocessing, and use_default_preprocessing is false"),
                target,
                index);
        }
        else if (document.Tensor is { } tensor)
        {
            target.Write(index, ToImage(tensor));
        }
        else
        {
            WriteEncoded(FieldOf(document), file.GetValueOrDefault().Span, budget, target, index);
        }
    }

    /// <summary>The embedding of encoded bytes that were embedded before.</summary>
    public float[]? Find(ReadOnlyMemory<byte>? file) =>
        options.UseDefaultPreprocessing && file is { } bytes ? model.FindImage(bytes.Span, options.Preprocessing, _decoding) : null;

    /// <summary>Keeps the embedding of encoded bytes, where there is a cache.</summary>
    public void Keep(ReadOnlyMemory<byte>? file, float[] embedding)
    {
        if (options.UseDefaultPreprocessing && file is { } bytes)
        {
            model.KeepImage(bytes.Span, embedding, options.Preprocessing, _decoding);
        }
    }

    private static string FieldOf(Document document) => document.Blob is null ? "uri" : "blob";

    private void WriteEncoded(string field, ReadOnlySpan<byte> bytes, PixelBudget budget, PixelBatch target, int index)
    {
        try
        {
            target.Write(index, bytes, options.Preprocessing, _decoding with { Budget = budget });
        }
        catch (FlowKitException exception)
        {
            throw new FlowKitException(exception.Error.Code, $"{field}: {exception.Message}", exception);
        }
    }

    private static RgbImage ToImage(NdArray tensor)
    {
        if (tensor.Rank != 3 || tensor.Shape[2] != 3 || tensor.Length == 0)
        {
            throw Refuse("tensor", $"expected height × width × 3, uint8, but it is {tensor}");
        }

        return new RgbImage(
            tensor.Shape[1],
            tensor.Shape[0],
            tensor.Type == NdType.UInt8 ? MemoryMarshal.AsMemory(tensor.Bytes) : ToBytes(tensor));
    }

    /// <summary>JSON lists of whole numbers arrive as int64; anything else would be a guess at what the numbers mean.</summary>
    private static byte[] ToBytes(NdArray tensor)
    {
        if (tensor.Type is NdType.Float16 or NdType.Float32 or NdType.Float64 or NdType.Bool)
        {
            throw Refuse(
                "tensor",
                $"expected uint8 pixels from 0 to 255, but it is {tensor}; normalised floats need use_default_preprocessing: false");
        }

        var bytes = new byte[tensor.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = tensor.ToDouble(i);
            bytes[i] = value is >= 0 and <= 255 ? (byte)value : throw Refuse("tensor", $"the pixel value {value} is not from 0 to 255");
        }

        return bytes;
    }

    private void WriteReady(NdArray tensor, PixelBatch batch, int index)
    {
        var size = model.Preprocessor.Spec.Size;
        ReadOnlySpan<int> expected = options.Layout == TensorLayout.Hwc ? [size, size, 3] : [3, size, size];
        if (!tensor.Shape.SequenceEqual(expected) || tensor.Type is not (NdType.Float16 or NdType.Float32 or NdType.Float64))
        {
            throw Refuse(
                "tensor",
                $"expected float32 [{string.Join(", ", expected.ToArray())}] (use_default_preprocessing is false), but it is {tensor}");
        }

        var values = tensor.Type == NdType.Float32 ? tensor.AsSpan<float>() : tensor.ToFloats();
        if (values.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            throw Refuse("tensor", "it holds NaN or infinite numbers");
        }

        if (options.Layout == TensorLayout.Chw)
        {
            batch.WriteTensor(index, values);
            return;
        }

        var target = new float[values.Length];
        var plane = size * size;
        for (var i = 0; i < plane; i++)
        {
            (target[i], target[plane + i], target[plane + plane + i]) = (values[3 * i], values[(3 * i) + 1], values[(3 * i) + 2]);
        }

        batch.WriteTensor(index, target);
    }

    private static FlowKitException Refuse(string field, string why) => new(FlowErrorCode.InvalidArgument, $"{field}: {why}.");
}
