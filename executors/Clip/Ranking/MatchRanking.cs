using FlowKit.Clip;

namespace FlowKit.Executors.Ranking;

/// <summary>Scores each document's own matches and puts them best first, as <c>ClipRanker</c> and <c>ClipEncoder</c> do.</summary>
/// <param name="card">The model whose scale makes probabilities of cosines.</param>
/// <param name="executor">The ranking executor's name, for messages.</param>
internal sealed class MatchRanking(ClipModelCard card, string executor)
{
    /// <summary>Ranks the matches of all documents that have some and have not failed.</summary>
    public void Rank(DocumentArray documents, CancellationToken cancellationToken)
    {
        foreach (var document in documents.Where(document => document.HasMatches && document.Error is null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Rank(document);
        }
    }

    private void Rank(Document query)
    {
        if (EmbeddingModel.Of(query) is { } model && model != card.ModelId)
        {
            query.Fail(
                FlowErrorCode.FailedPrecondition,
                $"embedding: it was made by the model '{model}', and {executor} scores for '{card.ModelId}'.");
            return;
        }

        var scored = query.Matches
            .Select(match => (Match: match, Cosine: CosineOf(query, match)))
            .Where(pair => pair.Cosine is not null)
            .OrderByDescending(pair => pair.Cosine)
            .ToList();
        var probabilities = card.Probabilities([.. scored.Select(pair => pair.Cosine!.Value)]);
        for (var i = 0; i < scored.Count; i++)
        {
            var scores = scored[i].Match.Scores;
            scores["clip_score"] = new NamedScore(probabilities[i], card.Scoring, RefId: query.Id);
            scores["clip_score_cosine"] = new NamedScore(scored[i].Cosine!.Value, "cosine", RefId: query.Id);
        }

        query.Matches = new DocumentArray(scored.Select(pair => pair.Match).Concat(query.Matches.Where(match => match.Error is not null)));
        foreach (var match in query.Matches)
        {
            match.Embedding = null;
        }
    }

    /// <summary>
    /// The cosine of both embeddings, or else the one an indexer computed for this query; none when the match has failed.
    /// </summary>
    private static float? CosineOf(Document query, Document match)
    {
        try
        {
            if (match.Error is not null)
            {
                return null;
            }

            if (query.Embedding is { } left && match.Embedding is { } right)
            {
                return Cosine(query, left, match, right);
            }

            return match.HasScores && match.Scores.TryGetValue("cosine", out var known) && known.RefId == query.Id
                ? known.Value
                : throw WithoutEmbedding(query.Embedding is null ? $"document '{query.Id}'" : $"match '{match.Id}'");
        }
        catch (FlowKitException exception)
        {
            match.Fail(exception.Error.Code, exception.Message);
            return null;
        }
    }

    private static FlowKitException WithoutEmbedding(string document) => new(
        FlowErrorCode.InvalidArgument,
        $"embedding: the {document} has none, so that they cannot be compared;"
        + " it holds no text or image that an encoder before the ranker could embed.");

    private static float Cosine(Document query, NdArray left, Document match, NdArray right)
    {
        if (EmbeddingModel.Of(query) is { } one && EmbeddingModel.Of(match) is { } other && one != other)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"embedding: it was made by the model '{other}', and the one of '{query.Id}' by '{one}'; they cannot be compared.");
        }

        return ClipScoring.Cosine(left.ToFloats(), right.ToFloats());
    }
}
