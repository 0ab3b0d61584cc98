namespace FlowKit.Runtime;

/// <summary>Keeps the documents that failed earlier from an executor, and puts them back behind it.</summary>
internal readonly struct HealthyDocuments
{
    private readonly DocumentArray _all;
    private readonly HashSet<Document>? _failed;

    public HealthyDocuments(DocumentArray all)
    {
        _all = all;
        _failed = HasFailures(all)
            ? new HashSet<Document>(all.Where(document => document.Error is not null), ReferenceEqualityComparer.Instance)
            : null;
        Given = _failed is null ? all : new DocumentArray(all.Where(document => document.Error is null));
    }

    /// <summary>What the executor gets.</summary>
    public DocumentArray Given { get; }

    /// <summary>What goes on: failed documents in their place when the executor left the list as it was, otherwise after what it made of it.</summary>
    /// <param name="answer">What the executor returned, or <see langword="null"/> when it worked in place.</param>
    public DocumentArray Restore(DocumentArray? answer)
    {
        answer ??= Given;
        return _failed is not { } failed ? answer
            : IsUntouched(answer, failed) ? _all
            : new DocumentArray([.. answer, .. _all.Where(failed.Contains)]);
    }

    private static bool HasFailures(DocumentArray documents)
    {
        for (var i = 0; i < documents.Count; i++)
        {
            if (documents[i].Error is not null)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsUntouched(DocumentArray answer, HashSet<Document> failed)
    {
        var next = 0;
        foreach (var document in _all)
        {
            if (!failed.Contains(document) && (next == answer.Count || !ReferenceEquals(answer[next++], document)))
            {
                return false;
            }
        }

        return next == answer.Count;
    }
}
