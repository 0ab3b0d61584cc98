using System.Buffers;
using System.Text;
using System.Text.Unicode;
using FlowKit.Wire;
using FlowKit.Wire.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Reads a request's body: Jina's JSON, or a multipart form with files.</summary>
internal static class RequestBody
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>The content types of a request; the routes refuse everything else before it is read.</summary>
    public static string[] ContentTypes { get; } = [Security.ContentTypes.Json, "multipart/form-data"];

    /// <param name="request">The request.</param>
    /// <param name="maxBytes">Bytes that a form may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="System.Text.Json.JsonException">The body is not valid; see <see cref="DataRequestJsonReader"/>.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or of another type.</exception>
    public static async Task<DataRequest> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            throw new BadHttpRequestException(
                $"The content encoding '{encoding}' is not supported; send gzip, br or deflate, or none.",
                StatusCodes.Status415UnsupportedMediaType);
        }

        if (IsMultipart(request.ContentType))
        {
            return await MultipartBody.ReadAsync(request, maxBytes, cancellationToken);
        }

        return await ReadJsonAsync(request, cancellationToken);
    }

    private static bool IsMultipart(string? contentType) =>
        contentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true
        && MediaTypeHeaderValue.TryParse(contentType, out var media)
            && media.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    private static async Task<DataRequest> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength + 1 ?? FirstBuffer, FirstBuffer << 8));
        try
        {
            var length = 0;
            for (int read; (read = await ReadPartAsync(request, buffer.AsMemory(length), cancellationToken)) > 0;)
            {
                length += read;
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
            }

            return Parse(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> ReadPartAsync(HttpRequest request, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or InvalidOperationException or (IOException and not BadHttpRequestException))
        {
            throw new WireFormatException("body", $"it cannot be read: {exception.Message}");
        }
    }

    /// <summary>Text is checked here as a whole, since tags and parameters are kept as they came and read later.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no request.</exception>
    public static DataRequest Parse(ReadOnlySpan<byte> body)
    {
        var json = body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        if (json.IsEmpty)
        {
            throw new WireFormatException("body", "field required");
        }

        if (!Utf8.IsValid(json))
        {
            throw new WireFormatException("body", $"byte {FirstInvalid(json)} is not valid UTF-8");
        }

        try
        {
            return DataRequestJsonReader.ReadRequest(json);
        }
        catch (InvalidOperationException exception)
        {
            throw new WireFormatException("body", exception.Message);
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
