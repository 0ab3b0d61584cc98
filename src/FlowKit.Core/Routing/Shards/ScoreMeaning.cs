namespace FlowKit.Routing.Shards;

/// <summary>Tells whether more of a score is better.</summary>
internal enum ScoreMeaning
{
    /// <summary>Its name does not say.</summary>
    Unknown,

    /// <summary>More is better.</summary>
    Similarity,

    /// <summary>Less is better.</summary>
    Distance,
}
