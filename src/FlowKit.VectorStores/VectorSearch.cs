namespace FlowKit.VectorStores;

/// <summary>A search as a caller asks for it.</summary>
public sealed record VectorSearch
{
    /// <summary>The most matches that one search gives, those passed over included.</summary>
    public const int MaxMatches = 100_000;

    /// <summary>The number of matches of each query; 10 by default.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>The number of nearest matches that are passed over; 0 by default.</summary>
    public int Offset { get; init; }

    /// <summary>The filter; <see langword="null"/> for all documents.</summary>
    public DocumentCondition? Filter { get; init; }

    /// <summary>The worst score that a match may have: the least cosine or dot product, the largest distance.</summary>
    public float? ScoreThreshold { get; init; }

    /// <summary>The fields of matches that are returned; all but the embedding by default.</summary>
    public FieldSelection Fields { get; init; } = FieldSelection.All;

    /// <summary>Indicates whether all vectors are looked at, also where there is a graph.</summary>
    public bool Exact { get; init; }

    /// <summary>The number of candidates that an approximate search keeps (<c>ef</c>); the store's own when absent.</summary>
    public int? Effort { get; init; }
}
