using System.Text;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Wire;
using FlowKit.Wire.Json;
using FlowKit.Wire.Proto;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Reads a request's body: Jina's JSON, or a multipart form with files.</summary>
internal static class RequestBody
{
    /// <summary>The purpose of the memory that documents take, for errors.</summary>
    public const string Contents = "The content of the body";

    private const int FirstBuffer = 16 * 1024;

    /// <summary>The content types of a request; the routes refuse everything else before it is read.</summary>
    public static string[] ContentTypes { get; } = [Security.ContentTypes.Json, "multipart/form-data"];

    /// <param name="request">The request.</param>
    /// <param name="share">Pays for it.</param>
    /// <param name="dialect">How documents are written in JSON.</param>
    /// <param name="maxBytes">Bytes that a form may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="System.Text.Json.JsonException">The body is not valid; see <see cref="DataRequestJsonReader"/>.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or of another type.</exception>
    public static async Task<DataRequest> ReadAsync(
        HttpRequest request, MemoryShare share, DocArrayDialect dialect, long maxBytes, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            throw new BadHttpRequestException(
                $"The content encoding '{encoding}' is not supported; send gzip, br or deflate, or none.",
                StatusCodes.Status415UnsupportedMediaType);
        }

        if (IsMultipart(request.ContentType))
        {
            return await MultipartBody.ReadAsync(request, share, maxBytes, cancellationToken);
        }

        return await ReadJsonAsync(request, share, dialect, cancellationToken);
    }

    private static bool IsMultipart(string? contentType) =>
        contentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true
        && MediaTypeHeaderValue.TryParse(contentType, out var media)
            && media.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    private static async Task<DataRequest> ReadJsonAsync(
        HttpRequest request, MemoryShare share, DocArrayDialect dialect, CancellationToken cancellationToken)
    {
        using var body = await ReadWholeAsync(request, share, cancellationToken);
        var weight = RequestWeight.OfJson(body.Written.Span);
        if (weight > 0 && await share.TryTakeAsync(weight, Contents, cancellationToken) is { } refusal)
        {
            throw new FlowKitException(refusal);
        }

        return Read(body.Written.Span, dialect);
    }

    /// <summary>Reads all of a body. What is announced is paid for before anything is read, what comes unannounced as it comes.</summary>
    /// <exception cref="FlowKitException">There is no memory for it.</exception>
    public static async Task<PooledBuffer> ReadWholeAsync(HttpRequest request, MemoryShare share, CancellationToken cancellationToken)
    {
        // One byte more, so that the end is seen without growing. What is larger than the limit is refused when it is read.
        var limit = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? int.MaxValue;
        var expected = request.ContentLength is { } announced && announced <= Math.Min(limit, int.MaxValue - 1)
            ? (int)announced + 1
            : FirstBuffer;
        var body = new PooledBuffer(expected, share, "The body");
        try
        {
            for (int read; (read = await ReadPartAsync(request, body.GetMemory(), cancellationToken)) > 0;)
            {
                await body.AdvanceAsync(read, cancellationToken);
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
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

    /// <summary>Reads a body, with or without the mark that some programs write before UTF-8.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no request.</exception>
    /// <exception cref="FlowKitException">There is no memory for what it holds.</exception>
    public static DataRequest Parse(ReadOnlySpan<byte> body, MemoryShare share, DocArrayDialect dialect = DocArrayDialect.V1)
    {
        if (RequestWeight.OfJson(body) is > 0 and var weight)
        {
            share.Take(weight, Contents);
        }

        return Read(body, dialect);
    }

    /// <summary>Returns a body without the mark of UTF-8 that may stand before it.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body[MarkOf(body.Span)..];

    private static DataRequest Read(ReadOnlySpan<byte> body, DocArrayDialect dialect) =>
        body[MarkOf(body)..] is { IsEmpty: false } json
            ? DataRequestJsonReader.ReadRequest(json, dialect)
            : throw new WireFormatException("body", "field required");

    private static int MarkOf(ReadOnlySpan<byte> body) => body.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
}
