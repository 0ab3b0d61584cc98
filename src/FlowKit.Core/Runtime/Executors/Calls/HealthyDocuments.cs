namespace FlowKit.Runtime.Executors.Calls;

/// <summary>Keeps the documents that failed earlier from an executor, and puts them back behind it.</summary>
internal readonly struct HealthyDocuments
{
    private readonly DocumentArray _all;
    private readonly HashSet<Document>? _failed;
    private readonly int _version;
    private readonly bool _isApart;

    /// <param name="all">The documents.</param>
    /// <param name="areHealthy">Tells whether none of them has failed.</param>
    /// <param name="isApart">Tells whether the executor gets the documents by another way too, as the parts of a join.</param>
    public HealthyDocuments(DocumentArray all, bool areHealthy, bool isApart = false)
    {
        _all = all;
        _isApart = isApart;
        Count = all.Count;
        _failed = !areHealthy && HasFailures(all)
            ? new HashSet<Document>(all.Where(document => document.Error is not null), ReferenceEqualityComparer.Instance)
            : null;
        Given = _failed is null ? all : new DocumentArray(all.Where(document => document.Error is null));
        _version = all.Version;
        all.WasRead = false;
    }

    /// <summary>The number of all, the failed ones included.</summary>
    public int Count { get; }

    /// <summary>The documents that the executor gets.</summary>
    public DocumentArray Given { get; }

    /// <summary>
    /// The documents that go on: failed documents in their place when the executor left the list as it was, otherwise after what it made of
    /// it.
    /// </summary>
    /// <param name="answer">What the executor returned, or <see langword="null"/> when it worked in place.</param>
    public DocumentArray Restore(DocumentArray? answer)
    {
        answer ??= Given;
        if (_failed is not { } failed)
        {
            return answer;
        }

        if (IsUntouched(answer, failed))
        {
            return _all;
        }

        return new DocumentArray([.. answer, .. _all.Where(failed.Contains)]);
    }

    /// <summary>
    /// Tells whether an answer is these documents as they were given, none of which can have failed since, because the executor asked for
    /// none.
    /// </summary>
    public bool AreStillHealthy(DocumentArray answer) =>
        _failed is null && !_isApart && ReferenceEquals(answer, _all) && answer.Version == _version && !answer.WasRead;

    private static bool HasFailures(DocumentArray documents)
    {
        if (documents.Deferred is { MayHaveFailed: false })
        {
            return false;
        }

        foreach (var document in documents.Span)
        {
            if (document.Error is not null)
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
