using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>
/// Scores each document's matches: <c>clip_score_cosine</c>, the cosine of both embeddings, and <c>clip_score</c>, what the model makes of
/// it with its own logit scale and bias: a softmax, which sums to 1 over a document's matches, or for SigLIP a sigmoid of each match alone. Matches end up best first, equal ones in the
/// order they came, and without their embeddings; one that cannot be compared fails alone and comes last.
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
        _card = ClipModelFolder.Open(ClipShare.Resolve(options.Model, Context.BaseDirectory)).Card;
        _card.CheckScale();
    }

    /// <summary>Ranks the matches that a search found or that a caller sent.</summary>
    [Requests("/search", "/rank")]
    public void Rank(DocumentArray docs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        foreach (var document in docs.Where(document => document.HasMatches))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Rank(document);
        }
    }

    private void Rank(Document query)
    {
        if (EmbeddingModel.Of(query) is { } model && model != _card.ModelId)
        {
            query.Fail(FlowErrorCode.FailedPrecondition, $"embedding: it was made by the model '{model}', and ClipRanker scores for '{_card.ModelId}'.");
            return;
        }

        var scored = query.Matches.Select(match => (Match: match, Cosine: CosineOf(query, match))).Where(pair => pair.Cosine is not null).OrderByDescending(pair => pair.Cosine).ToList();
        var probabilities = _card.Probabilities([.. scored.Select(pair => pair.Cosine!.Value)]);
        for (var i = 0; i < scored.Count; i++)
        {
            var scores = scored[i].Match.Scores;
            scores["clip_score"] = new NamedScore(probabilities[i], _card.Scoring, RefId: query.Id);
            scores["clip_score_cosine"] = new NamedScore(scored[i].Cosine!.Value, "cosine", RefId: query.Id);
        }

        query.Matches = new DocumentArray(scored.Select(pair => pair.Match).Concat(query.Matches.Where(match => match.Error is not null)));
        foreach (var match in query.Matches)
        {
            match.Embedding = null;
        }
    }

    /// <summary>The cosine of both embeddings, or else the one an indexer computed for this query; none when the match has failed.</summary>
    private static float? CosineOf(Document query, Document match)
    {
        try
        {
            return match.Error is not null ? null
                : query.Embedding is { } left && match.Embedding is { } right ? Cosine(query, left, match, right)
                : match.HasScores && match.Scores.TryGetValue("cosine", out var known) && known.RefId == query.Id ? known.Value
                : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"embedding: the {(query.Embedding is null ? $"document '{query.Id}'" : $"match '{match.Id}'")} has none, so that they cannot be compared; it holds no text or image that an encoder before the ranker could embed.");
        }
        catch (FlowKitException exception)
        {
            match.Fail(exception.Error.Code, exception.Message);
            return null;
        }
    }

    private static float Cosine(Document query, NdArray left, Document match, NdArray right)
    {
        if (EmbeddingModel.Of(query) is { } one && EmbeddingModel.Of(match) is { } other && one != other)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"embedding: it was made by the model '{other}', and the one of '{query.Id}' by '{one}'; they cannot be compared.");
        }

        return ClipScoring.Cosine(left.ToFloats(), right.ToFloats());
    }
}
