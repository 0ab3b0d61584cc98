using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Wire.Json;

namespace FlowKit.Client;

/// <summary>
/// Reads the gateway's server-sent events: <c>update</c> with a document each, then <c>end</c>, or <c>error</c> with a status.
/// </summary>
/// <param name="address">The gateway, for messages.</param>
internal sealed class EventReader(Uri address)
{
    public const string ContentType = "text/event-stream";

    /// <exception cref="FlowKitException">The request failed, the connection broke, or it is no such stream.</exception>
    public async IAsyncEnumerable<Document> ReadAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != ContentType)
        {
            throw NotAFlow($"it answers {response.Content.Headers.ContentType}", null);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var events = SseParser.Create(stream, Read).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(events))
        {
            if (events.Current.EventType == "end")
            {
                yield break;
            }

            if (events.Current.Data is { } document)
            {
                yield return document;
            }
        }

        throw Broken(null);
    }

    /// <summary>Nothing may be yielded inside a try, hence this method.</summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<SseItem<Document?>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (IOException exception)
        {
            throw Broken(exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw NotAFlow(exception.Message, exception);
        }
    }

    private static Document? Read(string name, ReadOnlySpan<byte> data)
    {
        if (name == "error")
        {
            throw new FlowKitException(ReadError(JsonNode.Parse(data)));
        }

        if (name != "update")
        {
            return null;
        }

        var reader = new Utf8JsonReader(data);
        reader.Read();
        return DocumentJsonReader.Read(ref reader, "data");
    }

    /// <summary>The gateway writes a code of its own where an executor has thrown nothing else.</summary>
    private static FlowError ReadError(JsonNode? status)
    {
        var name = (string?)status?["exception"]?["name"];
        var known = Refusals.IsCode(name, out var code);
        var entry = (string?)status?["executor"] ?? (string?)status?["exception"]?["executor"];
        return new FlowError(known ? code : FlowErrorCode.Internal, (string?)status?["description"] ?? "no reason given")
        {
            ExceptionName = known ? null : name,
            Executor = entry is { Length: > 0 } ? entry : null,
        };
    }

    private FlowKitException Broken(Exception? exception) =>
        new(
            FlowErrorCode.Unavailable,
            $"The stream from {address} broke before its end: {exception?.GetBaseException().Message ?? "the connection was closed"}",
            exception);

    private FlowKitException NotAFlow(string reason, Exception? exception) =>
        new(FlowErrorCode.Internal, $"What answers at {address} is not a flow: {reason}", exception);
}
