using FlowKit.Clip;
using FlowKit.Executors.Ranking;

namespace FlowKit.Executors;

/// <summary>
/// Scores each document's matches: <c>clip_score_cosine</c>, the cosine of both embeddings, and <c>clip_score</c>, what the model makes of
/// it with its own logit scale and bias: a softmax, which sums to 1 over a document's matches, or for SigLIP a sigmoid of each match alone.
/// Matches end up best first, equal ones in the order they came, and without their embeddings; one that cannot be compared fails alone and
/// comes last.
/// </summary>
[Executor("ClipRanker", Description = "Scores and orders matches by CLIP similarity.")]
public sealed class ClipRanker : Executor
{
    private readonly MatchRanking _ranking;

    /// <summary>Makes a ranker.</summary>
    /// <param name="options">The options, as <c>uses_with</c> sets them.</param>
    public ClipRanker(ClipRankerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var card = ClipModelFolder.Open(ClipShare.Resolve(options.Model, Context.BaseDirectory)).Card;
        card.CheckScale();
        _ranking = new MatchRanking(card, nameof(ClipRanker));
    }

    /// <summary>Ranks the matches that a search found or that a caller sent.</summary>
    [Requests("/search", "/rank")]
    public void Rank(DocumentArray docs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(docs);
        _ranking.Rank(docs, cancellationToken);
    }
}
