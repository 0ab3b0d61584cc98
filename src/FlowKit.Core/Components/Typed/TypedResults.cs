using System.Runtime.CompilerServices;

namespace FlowKit.Components.Typed;

/// <summary>Makes documents of the flow of what a method returns.</summary>
internal static class TypedResults
{
    /// <summary>Converts one document and a result that holds typed ones; any other stays as it is.</summary>
    public static object? Of(object? result) => result switch
    {
        Document document => new DocumentArray { document },
        BaseDoc document => new DocumentArray { Write(document) },
        IEnumerable<BaseDoc> documents => ToDocuments(documents),
        IAsyncEnumerable<BaseDoc> stream => ToDocumentsAsync(stream),
        _ => result,
    };

    /// <summary>Converts a list.</summary>
    public static DocumentArray ToDocuments(IEnumerable<BaseDoc> documents) => new(documents.Select(Write));

    private static Document Write(BaseDoc document) => document is null
        ? throw new FlowKitException(FlowErrorCode.Internal, "The executor left an empty place in the list of documents.")
        : DocumentShape.Of(document.GetType()).Write(document);

    private static async IAsyncEnumerable<Document> ToDocumentsAsync(
        IAsyncEnumerable<BaseDoc> stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var document in stream.WithCancellation(cancellationToken))
        {
            yield return Write(document);
        }
    }
}
