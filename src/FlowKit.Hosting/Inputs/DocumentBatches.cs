using System.Runtime.CompilerServices;

namespace FlowKit.Hosting.Inputs;

/// <summary>Cuts a stream of documents into requests.</summary>
public static class DocumentBatches
{
    /// <summary>Groups documents into lists of <paramref name="size"/>, the last one shorter.</summary>
    /// <param name="documents">The stream.</param>
    /// <param name="size">Documents in a list; Jina's <c>request_size</c>.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async IAsyncEnumerable<DocumentArray> InBatchesOf(
        this IAsyncEnumerable<Document> documents, int size, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var batch = new DocumentArray();
        await foreach (var document in documents.WithCancellation(cancellationToken))
        {
            batch.Add(document);
            if (batch.Count == size)
            {
                yield return batch;
                batch = [];
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
