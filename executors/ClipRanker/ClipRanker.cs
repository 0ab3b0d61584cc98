using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>
/// Scores each document's matches: <c>clip_score_cosine</c>, the cosine of both embeddings, and <c>clip_score</c>, the softmax of the
/// cosines times the model's own logit scale, which sums to 1 over a document's matches. Matches end up best first, equal ones in the
/// order they came, and without their embeddings.
/// </summary>
[Executor("ClipRanker", Description = "Scores and orders matches by CLIP similarity.")]
public sealed class ClipRanker : Executor
{
    private readonly ClipModelCard _card;

    /// <summary>Makes a ranker.</summary>
    /// <param name="options">What <c>uses_with</c> sets.</param>
    public ClipRanker(ClipRankerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var path = Path.GetFullPath(options.Model, Context.BaseDirectory);
        _card = ClipModelFolder.Open(Path.Exists(path) ? path : options.Model).Card;
    }

    /// <summary>Ranks the matches that a search found or that a caller sent.</summary>
    [Requests("/search", "/rank")]
    public void Rank(DocumentArray docs)
    {
        ArgumentNullException.ThrowIfNull(docs);
        foreach (var document in docs.Where(document => document.HasMatches))
        {
            Rank(document);
        }
    }

    private void Rank(Document query)
    {
        var scored = query.Matches.Where(match => match.Error is null).Select(match => (Match: match, Cosine: CosineOf(query, match))).OrderByDescending(pair => pair.Cosine).ToList();
        var probabilities = ClipScoring.Softmax([.. scored.Select(pair => pair.Cosine)], _card.LogitScale, _card.LogitBias);
        for (var i = 0; i < scored.Count; i++)
        {
            var (match, cosine) = scored[i];
            match.Scores["clip_score"] = new NamedScore(probabilities[i], "softmax", RefId: query.Id);
            match.Scores["clip_score_cosine"] = new NamedScore(cosine, "cosine", RefId: query.Id);
            match.Embedding = null;
        }

        query.Matches = new DocumentArray(scored.Select(pair => pair.Match).Concat(query.Matches.Where(match => match.Error is not null)));
    }

    /// <summary>An indexer has computed the cosine already; else both embeddings must be there.</summary>
    private static float CosineOf(Document query, Document match)
    {
        if (match.HasScores && match.Scores.TryGetValue("cosine", out var known))
        {
            return known.Value;
        }

        return query.Embedding is { } left && match.Embedding is { } right
            ? ClipScoring.Cosine(left.ToFloats(), right.ToFloats())
            : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The match '{match.Id}' of the document '{query.Id}' cannot be ranked: one of them has no embedding.");
    }
}
