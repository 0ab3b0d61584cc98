using System.Buffers;
using FlowKit.Wire;
using FlowKit.Wire.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Reads a request's body: Jina's JSON, or a multipart form with files.</summary>
internal static class RequestBody
{
    private const int FirstBuffer = 16 * 1024;

    /// <exception cref="System.Text.Json.JsonException">The body is not valid; see <see cref="DataRequestJsonReader"/>.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or of another type.</exception>
    public static async Task<DataRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            throw new BadHttpRequestException($"The content encoding '{encoding}' is not supported.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (request.HasFormContentType)
        {
            return await MultipartBody.ReadAsync(request, cancellationToken);
        }

        if (request.ContentType is { Length: > 0 } type && !IsJson(type))
        {
            throw new BadHttpRequestException($"The content type '{type}' is not supported; send application/json or multipart/form-data.", StatusCodes.Status415UnsupportedMediaType);
        }

        return await ReadJsonAsync(request, cancellationToken);
    }

    private static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var media)
        && (media.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || media.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase) || media.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase));

    private static async Task<DataRequest> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength + 1 ?? FirstBuffer, FirstBuffer << 8));
        try
        {
            var length = 0;
            for (int read; (read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0;)
            {
                length += read;
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
            }

            return length == 0 ? throw new WireFormatException("body", "field required") : DataRequestJsonReader.Read(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
