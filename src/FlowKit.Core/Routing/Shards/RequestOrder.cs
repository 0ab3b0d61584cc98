namespace FlowKit.Routing.Shards;

/// <summary>Puts documents that took different ways back into the order in which they were asked.</summary>
internal static class RequestOrder
{
    /// <summary>
    /// Sorts documents by their place in the request. One that was not asked stays behind the one before it; the <c>n</c>-th of an id takes
    /// its <c>n</c>-th place.
    /// </summary>
    /// <param name="documents">The documents, which are not changed.</param>
    /// <param name="ids">The ids as they were asked.</param>
    public static DocumentArray Restore(DocumentArray documents, IReadOnlyList<string> ids)
    {
        if (IsInOrder(documents, ids))
        {
            return documents;
        }

        var places = new Dictionary<string, Queue<int>>(ids.Count, StringComparer.Ordinal);
        for (var i = 0; i < ids.Count; i++)
        {
            if (!places.TryGetValue(ids[i], out var known))
            {
                places[ids[i]] = known = new Queue<int>(1);
            }

            known.Enqueue(i);
        }

        var last = -1;
        return new DocumentArray(documents
            .Select(document => (Document: document, Place: last = places.TryGetValue(document.Id, out var known) ? Take(known) : last))
            .ToList()
            .OrderBy(pair => pair.Place)
            .Select(pair => pair.Document));
    }

    private static int Take(Queue<int> places) => places.Count > 1 ? places.Dequeue() : places.Peek();

    private static bool IsInOrder(DocumentArray documents, IReadOnlyList<string> ids)
    {
        if (documents.Count != ids.Count)
        {
            return false;
        }

        for (var i = 0; i < ids.Count; i++)
        {
            if (!string.Equals(documents[i].Id, ids[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
