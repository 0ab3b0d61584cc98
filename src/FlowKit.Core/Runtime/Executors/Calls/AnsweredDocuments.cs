using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Runtime.Executors.Calls;

/// <summary>Checks what an executor leaves behind.</summary>
internal static class AnsweredDocuments
{
    /// <summary>Failed documents get the name of the executor that they failed in.</summary>
    /// <returns>Whether none has failed.</returns>
    /// <exception cref="FlowKitException">There is an empty place in the list.</exception>
    public static bool NameFailures(string executor, DocumentArray documents)
    {
        if (documents.Deferred is { MayHaveFailed: false })
        {
            return true;
        }

        var areHealthy = true;
        foreach (var document in documents.Span)
        {
            if (document is null)
            {
                throw new FlowKitException(FlowErrorCode.Internal, $"'{executor}' left an empty place in the list of documents.");
            }

            if (document.Error is not { } error)
            {
                continue;
            }

            areHealthy = false;
            var told = SecretValues.Scrub(error);
            if (told.Executor is null || !ReferenceEquals(told, error))
            {
                document.Error = told with { Executor = told.Executor ?? executor };
            }
        }

        return areHealthy;
    }
}
