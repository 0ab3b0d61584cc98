using System.Numerics.Tensors;

namespace FlowKit.Clip.Search;

/// <summary>Finds the nearest of many embeddings by looking at all of them.</summary>
public static class SemanticSearch
{
    /// <summary>The nearest responses of each query.</summary>
    /// <param name="queries">Embeddings of the queries.</param>
    /// <param name="responses">Embeddings of the responses.</param>
    /// <param name="topK">The number of results of each; 10 by default.</param>
    /// <param name="similarity">The measure of comparison; the cosine by default.</param>
    /// <returns>For each query its nearest, best first; equal ones in the order of the responses.</returns>
    /// <exception cref="FlowKitException">Embeddings of different lengths, or fewer than one result.</exception>
    public static IReadOnlyList<IReadOnlyList<SemanticMatch>> Find(
        IReadOnlyList<float[]> queries,
        IReadOnlyList<float[]> responses,
        int topK = 10,
        SimilarityType similarity = SimilarityType.Cosine)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(responses);
        if (topK < 1)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"topK: expected at least 1, not {topK}.");
        }

        var norms = responses.Select(response => ClipScoring.Norm(response)).ToArray();
        return [.. queries.Select(query => Nearest(query, responses, norms, topK, similarity))];
    }

    private static List<SemanticMatch> Nearest(
        float[] query,
        IReadOnlyList<float[]> responses,
        float[] norms,
        int topK,
        SimilarityType similarity)
    {
        var norm = ClipScoring.Norm(query);
        var best = new PriorityQueue<SemanticMatch, SemanticMatch>(Comparer<SemanticMatch>.Create(Worse));
        for (var i = 0; i < responses.Count; i++)
        {
            if (responses[i].Length != query.Length)
            {
                throw new FlowKitException(
                    FlowErrorCode.InvalidArgument,
                    $"Response {i} has {responses[i].Length} values and the query {query.Length}: they come from different models.");
            }

            var dot = TensorPrimitives.Dot(query, responses[i]);
            var score = similarity == SimilarityType.Cosine ? dot / (norm * norms[i]) : dot;
            var match = new SemanticMatch(i, float.IsFinite(score) ? score : 0f);
            if (best.Count < topK)
            {
                best.Enqueue(match, match);
            }
            else
            {
                best.EnqueueDequeue(match, match);
            }
        }

        var result = new List<SemanticMatch>(best.Count);
        while (best.TryDequeue(out var match, out _))
        {
            result.Add(match);
        }

        result.Reverse();
        return result;
    }

    /// <summary>The worst comes first: the lowest score and, of equal ones, the later response.</summary>
    private static int Worse(SemanticMatch left, SemanticMatch right)
    {
        var byScore = left.Score.CompareTo(right.Score);
        return byScore != 0 ? byScore : right.ResponseId.CompareTo(left.ResponseId);
    }
}
