namespace FlowKit;

/// <summary>The ways in which two ranked lists become one.</summary>
internal enum RankFusionKind
{
    /// <summary>Reciprocal rank fusion: a match counts by its places in the lists.</summary>
    Rrf,

    /// <summary>A match counts by its scores, each list's scaled to 0 … 1.</summary>
    RelativeScore,
}
