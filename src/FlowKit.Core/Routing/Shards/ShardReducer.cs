using System.Globalization;

namespace FlowKit.Routing.Shards;

/// <summary>
/// Makes one answer of the answers of several shards. Documents and chunks are united as by <see cref="DocumentReducer"/>. Matches of one
/// document are merged to the best of all: sorted by the score that the shards sorted by (see <see cref="MatchOrder"/>), each id once with
/// its best score, and cut to the request's limit, or to the page that the shards left to be cut (see <see cref="MatchChoice"/>). Lists
/// that are alike in every shard, as an executor leaves them that only reads them, stay as they are.
/// </summary>
internal static class ShardReducer
{
    /// <summary>Reduces to one list, changing the documents of the parts.</summary>
    /// <param name="parts">What came, in the order of the shards; a shard that failed has none.</param>
    /// <param name="parameters">
    /// As the executor saw them (see <see cref="ExecutorParameters"/>): <c>limit</c> or <c>top_k</c> says how many matches; otherwise as
    /// many as the longest list.
    /// </param>
    /// <param name="order">The ids as they were asked, to put the documents back into that order.</param>
    public static DocumentArray Reduce(IReadOnlyList<DocumentArray> parts, Parameters parameters, IReadOnlyList<string>? order = null)
    {
        var documents = Reduce(parts, ReadLimit(parameters));
        return order is null ? documents : RequestOrder.Restore(documents, order);
    }

    /// <summary>Reduces to one list, changing the documents of the parts.</summary>
    /// <param name="parts">What came, in the order of the shards.</param>
    /// <param name="limit">How many matches a document keeps; <see langword="null"/> for as many as its longest list.</param>
    public static DocumentArray Reduce(IReadOnlyList<DocumentArray> parts, int? limit)
    {
        if (parts.Count == 0)
        {
            return [];
        }

        if (parts.Count == 1)
        {
            MatchChoice.MakeAll(parts[0]);
            return parts[0];
        }

        return Combine(DocumentGroups.AreAlike(parts) ? DocumentGroups.ByPlace(parts) : DocumentGroups.ById(parts), limit);
    }

    /// <summary>The limit that parameters name; <see langword="null"/> when it is absent or no number from 1.</summary>
    internal static int? ReadLimit(Parameters parameters)
    {
        foreach (var name in (ReadOnlySpan<string>)["limit", "top_k"])
        {
            var value = parameters.Values.TryGetPropertyValue(name, out var node) ? FieldValue.Of(node) : default;
            var number = value.AsText is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : value.AsNumber;
            if (number is >= 1 and <= int.MaxValue)
            {
                return (int)number;
            }
        }

        return null;
    }

    /// <summary>Makes the first of every group what all of them are.</summary>
    private static DocumentArray Combine(List<List<Document>> groups, int? limit)
    {
        var result = new DocumentArray(groups.Count);
        var choices = groups.ConvertAll(Take);
        foreach (var group in groups)
        {
            for (var i = 1; i < group.Count; i++)
            {
                DocumentReducer.FillFields(group[0], group[i]);
            }

            if (Lists(group, document => document.HasChunks ? document.Chunks : null) is { Count: > 0 } chunks)
            {
                group[0].Chunks = Reduce(chunks, limit);
            }

            result.Add(group[0]);
        }

        CombineMatches(groups, choices, limit);
        return result;
    }

    /// <summary>All documents tell together what the order is, since one of them may have too few matches to show it.</summary>
    private static void CombineMatches(List<List<Document>> groups, List<MatchChoice?> choices, int? limit)
    {
        var lists = groups.ConvertAll(group => Lists(group, document => document.HasMatches ? document.Matches : null));
        var order = MatchOrder.Find([.. groups.Zip(lists).Where(pair => pair.First.Count > 1).SelectMany(pair => pair.Second)]);
        for (var i = 0; i < groups.Count; i++)
        {
            if (lists[i].Count == 0)
            {
                continue;
            }

            var most = MostOf(choices[i], limit);
            var matches = lists[i].Count == 1 ? lists[i][0] : Combine(new MatchMerger(order, most).Merge(lists[i]), limit);
            groups[i][0].Matches = choices[i]?.Choose(matches, groups[i][0].Id) ?? matches;
        }
    }

    /// <summary>Every shard has left the same choice, and all of them are taken out.</summary>
    private static MatchChoice? Take(List<Document> group)
    {
        MatchChoice? left = null;
        foreach (var document in group)
        {
            left = MatchChoice.Take(document) ?? left;
        }

        return left;
    }

    private static int? MostOf(MatchChoice? choice, int? limit) => choice switch
    {
        null => limit,
        { Fusion: null } => choice.Candidates,

        // Of two lists in one every candidate counts, whatever its place.
        _ => int.MaxValue,
    };

    private static List<DocumentArray> Lists(List<Document> group, Func<Document, DocumentArray?> select)
    {
        var lists = new List<DocumentArray>(group.Count);
        foreach (var document in group)
        {
            if (select(document) is { } list)
            {
                lists.Add(list);
            }
        }

        return lists;
    }
}
