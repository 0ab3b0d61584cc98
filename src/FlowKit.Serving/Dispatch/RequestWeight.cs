using FlowKit.Runtime.Channels;
using FlowKit.Wire.Json;

namespace FlowKit.Serving.Dispatch;

/// <summary>
/// Estimates the memory that a request takes besides its body: the documents that are made of it. What is small enough is not counted,
/// since every request holds memory from the beginning.
/// </summary>
internal static class RequestWeight
{
    /// <summary>The bytes of a body up to which a request is small.</summary>
    public const int SmallBody = 8 << 10;

    /// <summary>The bytes of a reply that the connection takes without waiting for its reader.</summary>
    public const int SmallReply = 32 << 10;

    /// <summary>A document, or another object: its fields, its id, its place in a list.</summary>
    private const long Each = 256;

    /// <summary>A number in a list of them.</summary>
    private const long Number = sizeof(double);

    /// <summary>
    /// Estimates what JSON becomes, before it is read. Texts have two bytes a letter; more objects than are allowed are refused by the
    /// reader, before it makes one.
    /// </summary>
    public static long OfJson(ReadOnlySpan<byte> json)
    {
        if (json.Length <= SmallBody)
        {
            return 0;
        }

        var objects = Math.Min(json.Count((byte)'{'), JsonPartLimit.AllowedIn(json.Length));
        return (sizeof(char) * (long)json.Length) + (Each * objects) + (Number * json.Count((byte)','));
    }

    /// <summary>Estimates what a message of protobuf becomes, before it is read: itself once more, and its texts.</summary>
    public static long OfProto(long bytes) => bytes <= SmallBody ? 0 : bytes * 3;

    /// <summary>Takes the memory for what an executor elsewhere has answered, where that is more than it was sent.</summary>
    /// <exception cref="FlowKitException">It does not fit.</exception>
    public static void TakeAnswer(RequestContext? request, DocumentArray sent, DocumentArray answered)
    {
        if (request?.Memory is { } share
            && Of(answered) - Of(sent) is > 0 and var more
            && share.TryTake(more, "The answer of an executor") is { } refusal)
        {
            throw new FlowKitException(refusal);
        }
    }

    /// <summary>Measures the objects around the content of documents that are there.</summary>
    public static long ObjectsOf(DocumentArray documents) =>
        documents.Deferred is null && Each * documents.Count is > SmallBody and var bytes ? bytes : 0;

    /// <summary>Measures documents that are there.</summary>
    public static long Of(DocumentArray documents)
    {
        var bytes = ContentSize.Of(documents) + ObjectsOf(documents);
        return bytes <= SmallBody ? 0 : bytes;
    }
}
