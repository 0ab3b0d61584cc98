namespace FlowKit.Routing.Shards;

/// <summary>Merges the lists of matches that shards have found for one document: each list's own order is kept among equals.</summary>
/// <param name="order">By what matches are sorted.</param>
/// <param name="limit">How many are kept; <see langword="null"/> for as many as the longest list has.</param>
internal sealed class MatchMerger(MatchOrder order, int? limit)
{
    /// <summary>
    /// The best matches of all lists, each with the others of its id behind it. Lists that no shard has changed stay as they are.
    /// </summary>
    /// <param name="lists">The lists in the order of their shards, none empty.</param>
    public List<List<Document>> Merge(IReadOnlyList<DocumentArray> lists) =>
        AreUntouched(lists) ? DocumentGroups.ByPlace(lists) : MergeSorted(lists);

    private bool AreUntouched(IReadOnlyList<DocumentArray> lists) =>
        DocumentGroups.AreAlike(lists)
            && lists.Skip(1).All(list => list.Zip(lists[0]).All(pair => order.KeyOf(pair.First) == order.KeyOf(pair.Second)));

    private List<List<Document>> MergeSorted(IReadOnlyList<DocumentArray> lists)
    {
        var most = limit ?? lists.Max(list => list.Count);
        var result = new List<List<Document>>();
        var groups = new Dictionary<string, List<Document>>(StringComparer.Ordinal);
        foreach (var match in Sort(lists))
        {
            if (groups.TryGetValue(match.Id, out var group))
            {
                group.Add(match);
            }
            else if (result.Count < most)
            {
                groups[match.Id] = group = [match];
                result.Add(group);
            }
        }

        return result;
    }

    /// <summary>
    /// By score; equal ones by id when they head different lists, as one index sorts them. Without a score: the first of every list, then
    /// the second of every list.
    /// </summary>
    private IEnumerable<Document> Sort(IReadOnlyList<DocumentArray> lists)
    {
        var heads = new PriorityQueue<(int List, int At), (float Key, int Rank, string Id, int List)>(
            lists.Count, Comparer<(float, int, string, int)>.Create(Compare));
        var sorted = lists.Select(Sort).ToArray();
        for (var list = 0; list < sorted.Length; list++)
        {
            Enqueue(heads, sorted, list, 0);
        }

        while (heads.TryDequeue(out var head, out _))
        {
            yield return sorted[head.List][head.At];
            Enqueue(heads, sorted, head.List, head.At + 1);
        }
    }

    private void Enqueue(
        PriorityQueue<(int List, int At), (float Key, int Rank, string Id, int List)> heads, IList<Document>[] lists, int list, int at)
    {
        if (at < lists[list].Count)
        {
            var match = lists[list][at];
            heads.Enqueue((list, at), (order.KeyOf(match), order.Score is null ? at : 0, order.Score is null ? "" : match.Id, list));
        }
    }

    /// <summary>Mostly the shard has done it already; the sort is stable.</summary>
    private IList<Document> Sort(DocumentArray list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            if (order.KeyOf(list[i]) < order.KeyOf(list[i - 1]))
            {
                return [.. list.OrderBy(order.KeyOf)];
            }
        }

        return list;
    }

    private static int Compare((float Key, int Rank, string Id, int List) left, (float Key, int Rank, string Id, int List) right)
    {
        if (left.Key.CompareTo(right.Key) is not 0 and var byKey)
        {
            return byKey;
        }

        if (left.Rank.CompareTo(right.Rank) is not 0 and var byRank)
        {
            return byRank;
        }

        if (string.CompareOrdinal(left.Id, right.Id) is not 0 and var byId)
        {
            return byId;
        }

        return left.List.CompareTo(right.List);
    }
}
