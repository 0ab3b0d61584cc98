namespace FlowKit.Runtime;

/// <summary>Checks what an executor leaves behind.</summary>
internal static class AnsweredDocuments
{
    /// <summary>Failed documents get the name of the executor that they failed in.</summary>
    /// <exception cref="FlowKitException">There is an empty place in the list.</exception>
    public static void NameFailures(string executor, DocumentArray documents)
    {
        for (var i = 0; i < documents.Count; i++)
        {
            var document = documents[i]
                ?? throw new FlowKitException(FlowErrorCode.Internal, $"'{executor}' left an empty place in the list of documents.");
            if (document.Error is { Executor: null } error)
            {
                document.Error = error with { Executor = executor };
            }
        }
    }
}
