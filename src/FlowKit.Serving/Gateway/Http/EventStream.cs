using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowKit.Runtime;
using FlowKit.Wire;
using FlowKit.Wire.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>
/// Server-sent events, asked for with <c>Accept: text/event-stream</c>: an event <c>update</c> with each document as it comes, then
/// <c>end</c>, as Jina's gateway writes them; <c>error</c> with a status instead of <c>end</c> when the request fails on the way.
/// </summary>
internal sealed class EventStream(HttpResponse response, JsonWireOptions options, MemoryShare share) : IDisposable
{
    public const string ContentType = "text/event-stream";

    private const int FirstEvent = 4096;

    private static readonly byte[] s_update = "event: update\r\ndata: "u8.ToArray();

    private static readonly JsonWriterOptions s_json = new()
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly PooledBuffer _event = new(FirstEvent, share, "An event");

    public static bool IsWanted(HttpRequest request) =>
        request.Headers.Accept.Any(value => value?.Contains(ContentType, StringComparison.OrdinalIgnoreCase) ?? false);

    /// <summary>Makes a response that has not begun one of events, which go out as they come.</summary>
    public static void Begin(HttpResponse response)
    {
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>Sends documents as they come.</summary>
    /// <param name="documents">The documents; leaving them ends their making.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    /// <returns>
    /// What failed, or <see langword="null"/>. What the gateway refuses before the first document is left to be answered with a status.
    /// </returns>
    public async Task<FlowError?> WriteAsync(IAsyncEnumerable<Document> documents, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var document in documents.WithCancellation(cancellationToken))
            {
                await SendAsync(document, cancellationToken);
            }

            await SendAsync("event: end\r\ndata: "u8, null, cancellationToken);
            return null;
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            return FlowError.From(exception);
        }
        catch (FlowKitException exception)
        {
            if (!cancellationToken.IsCancellationRequested
                && (response.HasStarted || HttpErrors.StatusOf(exception.Error) == StatusCodes.Status200OK))
            {
                await SendAsync(
                    "event: error\r\ndata: "u8,
                    json => DataRequestJsonWriter.WriteStatus(json, WireStatus.Of(exception.Error), exception.Error.Executor),
                    cancellationToken);
            }

            return exception.Error;
        }
    }

    public void Dispose() => _event.Dispose();

    /// <summary>A document that JSON cannot hold fails alone.</summary>
    private async ValueTask SendAsync(Document document, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(s_update, json => DocumentJsonWriter.Write(json, document, options), cancellationToken);
        }
        catch (Exception exception) when (JsonReply.IsUnwritable(exception) && UnwritableDocuments.Replace([document]) is { } failed)
        {
            await SendAsync(s_update, json => DocumentJsonWriter.Write(json, failed[0], options), cancellationToken);
        }
    }

    /// <summary>An event goes out whole or not at all: a document may hold what JSON cannot.</summary>
    private ValueTask<System.IO.Pipelines.FlushResult> SendAsync(
        ReadOnlySpan<byte> head, Action<Utf8JsonWriter>? data, CancellationToken cancellationToken)
    {
        _event.Clear();
        _event.Write(head);
        if (data is not null)
        {
            WriteData(data);
        }

        _event.Write("\r\n\r\n"u8);
        if (!response.HasStarted)
        {
            Begin(response);
        }

        return response.BodyWriter.WriteAsync(_event.Written, cancellationToken);
    }

    private void WriteData(Action<Utf8JsonWriter> data)
    {
        using var json = new Utf8JsonWriter(_event, s_json);
        data(json);
    }
}
