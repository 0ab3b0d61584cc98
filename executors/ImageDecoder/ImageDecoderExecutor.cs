using FlowKit.Imaging;
using FlowKit.Imaging.Uris;

namespace FlowKit.Executors;

/// <summary>
/// Turns a document's <c>blob</c> or <c>uri</c> (a data URI; a file or a host only where the options allow it) into pixels:
/// <c>tensor</c>, height × width × 3, uint8, RGB. Documents with text or a tensor pass untouched; an image that cannot be read fails alone.
/// </summary>
[Executor("ImageDecoder", Description = "Decodes blob or uri (JPEG, PNG, WebP, GIF, TIFF) to an H×W×3 uint8 tensor.")]
public sealed class ImageDecoderExecutor : Executor
{
    /// <summary>Hosts answer slowly, and waiting costs no core.</summary>
    private const int ParallelFetches = 8;

    private readonly ImageDecoderOptions _options;
    private readonly ImageDecodeOptions _decoding;
    private readonly AccessPath _paths;
    private readonly UriReader _uris;
    private readonly int _parallel;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The options, as <c>uses_with</c> sets them.</param>
    public ImageDecoderExecutor(ImageDecoderOptions options)
    {
        _options = options;
        _decoding = new ImageDecodeOptions { MaxPixels = options.MaxPixels, Orientation = options.Exif, Pooled = false };
        _paths = AccessPath.Parse(options.AccessPaths);
        _uris = new UriReader(options, Context.BaseDirectory);
        _parallel = options.Hosts.Count > 0 ? Math.Max(ParallelFetches, Environment.ProcessorCount) : Environment.ProcessorCount;
    }

    /// <summary>Decodes the images of a request, several at once.</summary>
    [Requests]
    public Task DecodeAsync(DocumentArray docs, RequestContext request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var decoding = _decoding with { Budget = new PixelBudget(_options.MaxRequestPixels * request.Requests, request.Memory) };
        return Parallel.ForEachAsync(
            _paths.Select(docs).Where(HasImage),
            new ParallelOptions { MaxDegreeOfParallelism = _parallel, CancellationToken = cancellationToken },
            (document, token) => DecodeAsync(document, decoding, token));
    }

    /// <summary>Ids are all that matters here: nothing is decoded.</summary>
    [Requests("/delete", "/status")]
    public static void PassBy()
    {
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _uris.Dispose();
        return base.DisposeAsync();
    }

    private static bool HasImage(Document document) => document.ContentType switch
    {
        _ when document.Error is not null => false,
        _ when document.MimeType?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) == true => false,
        DocumentContent.Blob => true,
        DocumentContent.None => !string.IsNullOrEmpty(document.Uri),
        _ => false,
    };

    private async ValueTask DecodeAsync(Document document, ImageDecodeOptions decoding, CancellationToken cancellationToken)
    {
        try
        {
            var field = document.Blob is null ? "uri" : "blob";
            var bytes = document.Blob ?? await _uris.ReadAsync(document.Uri!, cancellationToken);
            var image = Decode(field, bytes.Span, decoding);
            if (_options.Thumbnail > 0)
            {
                document.Tags["thumbnail"] = Thumbnails.Make(image, _options.Thumbnail);
            }

            document.Tensor = NdArray.Wrap(image.Pixels, image.Height, image.Width, 3);
        }
        catch (FlowKitException exception)
        {
            document.Fail(exception.Error.Code, exception.Message);
        }
    }

    /// <summary>The image is not disposed: its buffer, which is not pooled, lives on in the tensor.</summary>
    private static RgbImage Decode(string field, ReadOnlySpan<byte> bytes, ImageDecodeOptions decoding)
    {
        try
        {
            return ImageDecoder.Decode(bytes, decoding);
        }
        catch (FlowKitException exception)
        {
            throw new FlowKitException(exception.Error.Code, $"{field}: {exception.Message}", exception);
        }
    }
}
