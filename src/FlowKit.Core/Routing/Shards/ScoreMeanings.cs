using System.Collections.Frozen;

namespace FlowKit.Routing.Shards;

/// <summary>
/// Describes what the names of scores say. <c>score</c>, <c>dot</c> and the like are not here, since stores of DocArray write distances and
/// similarities under them.
/// </summary>
internal static class ScoreMeanings
{
    /// <summary>DocArray's cosine distance and, with an operation beside it, FlowKit's cosine similarity.</summary>
    public const string Cosine = "cosine";

    private static readonly FrozenSet<string> Similarities = FrozenSet.ToFrozenSet(
        ["similarity", "certainty", "probability", "softmax", "bm25"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Distances = FrozenSet.ToFrozenSet(
        ["distance", "euclidean", "sqeuclidean", "l2", "l1", "manhattan", "cityblock", "hamming", "chebyshev"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Tells what a score's name says, or else its operation: FlowKit writes <c>cosine</c> there for similarities only.</summary>
    /// <param name="name">Its name among a document's scores.</param>
    /// <param name="operation">Its <see cref="NamedScore.OpName"/>.</param>
    public static ScoreMeaning Of(string name, string? operation)
    {
        if (Of(name) is var meaning and not ScoreMeaning.Unknown)
        {
            return meaning;
        }

        if (string.IsNullOrEmpty(operation))
        {
            return ScoreMeaning.Unknown;
        }

        if (operation == Cosine)
        {
            return ScoreMeaning.Similarity;
        }

        return Of(operation);
    }

    private static ScoreMeaning Of(string name)
    {
        var word = name[(name.LastIndexOf('_') + 1)..];
        if (Similarities.Contains(word))
        {
            return ScoreMeaning.Similarity;
        }

        if (Distances.Contains(word))
        {
            return ScoreMeaning.Distance;
        }

        return ScoreMeaning.Unknown;
    }
}
