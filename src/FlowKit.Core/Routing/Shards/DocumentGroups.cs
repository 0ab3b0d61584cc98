namespace FlowKit.Routing.Shards;

/// <summary>Finds the documents of several lists that are one document.</summary>
internal static class DocumentGroups
{
    /// <summary>Tells whether every list has the same ids in the same order: then nothing has been found, only looked at.</summary>
    public static bool AreAlike(IReadOnlyList<DocumentArray> lists)
    {
        var first = lists[0];
        for (var i = 1; i < lists.Count; i++)
        {
            if (lists[i].Count != first.Count)
            {
                return false;
            }

            for (var at = 0; at < first.Count; at++)
            {
                if (!string.Equals(lists[i][at].Id, first[at].Id, StringComparison.Ordinal))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Groups by place, which keeps apart documents that were sent with one id.</summary>
    public static List<List<Document>> ByPlace(IReadOnlyList<DocumentArray> lists)
    {
        var groups = new List<List<Document>>(lists[0].Count);
        for (var at = 0; at < lists[0].Count; at++)
        {
            var group = new List<Document>(lists.Count);
            foreach (var list in lists)
            {
                group.Add(list[at]);
            }

            groups.Add(group);
        }

        return groups;
    }

    /// <summary>Groups by id in the order of their coming, as <see cref="DocumentReducer"/> unites.</summary>
    public static List<List<Document>> ById(IReadOnlyList<DocumentArray> lists)
    {
        var groups = new List<List<Document>>();
        var known = new Dictionary<string, List<Document>>(StringComparer.Ordinal);
        foreach (var list in lists)
        {
            var registered = groups.Count;
            foreach (var document in list)
            {
                if (known.TryGetValue(document.Id, out var group))
                {
                    group.Add(document);
                }
                else
                {
                    groups.Add([document]);
                }
            }

            for (; registered < groups.Count; registered++)
            {
                known.TryAdd(groups[registered][0].Id, groups[registered]);
            }
        }

        return groups;
    }
}
