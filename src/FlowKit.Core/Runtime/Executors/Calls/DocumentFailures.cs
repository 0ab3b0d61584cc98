using System.Globalization;

namespace FlowKit.Runtime.Executors.Calls;

/// <summary>Finds the document that failed, for executors whose failed documents fail the request.</summary>
internal static class DocumentFailures
{
    /// <summary>Throws for the first document that failed in an executor.</summary>
    /// <param name="executor">The executor's name; what failed before it has been told by the one in which it did.</param>
    /// <param name="documents">What it left.</param>
    /// <exception cref="FlowKitException">A document, chunk or match failed; the message tells its place.</exception>
    public static void ThrowFirst(string executor, DocumentArray documents) => ThrowFirst(executor, documents, "data");

    private static void ThrowFirst(string executor, DocumentArray documents, string place)
    {
        for (var at = 0; at < documents.Count; at++)
        {
            var (document, here) = (documents[at], string.Create(CultureInfo.InvariantCulture, $"{place}[{at}]"));
            if (document.Error is { } error && (error.Executor ?? executor) == executor)
            {
                throw new FlowKitException(error with
                {
                    Message = $"{here} ('{document.Id}'): {error.Message}",
                    Executor = executor,
                    DocumentId = document.Id,
                });
            }

            if (document.HasChunks)
            {
                ThrowFirst(executor, document.Chunks, $"{here}.chunks");
            }

            if (document.HasMatches)
            {
                ThrowFirst(executor, document.Matches, $"{here}.matches");
            }
        }
    }
}
