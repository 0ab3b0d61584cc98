namespace FlowKit.VectorStores;

/// <summary>The abilities of a store beyond those that every store has. What is asked for and not here is refused by name.</summary>
public sealed record VectorStoreCapabilities
{
    /// <summary>Indicates whether the store writes and takes back snapshots.</summary>
    public bool Snapshots { get; init; }

    /// <summary>
    /// Indicates whether a search may be approximate where <see cref="VectorSearch.Exact"/> does not say otherwise; a graph looks at more
    /// when <see cref="VectorSearch.Effort"/> says so.
    /// </summary>
    public bool Approximate { get; init; }

    /// <summary>
    /// The name of the score that <see cref="IVectorStore.SearchWordsAsync"/> gives, of which more is better, such as <c>bm25</c>;
    /// <see langword="null"/> where documents are not found by words.
    /// </summary>
    public string? WordScore { get; init; }

    /// <summary>
    /// The relative error that the numbers of a vector may have where a search looks at rounded ones, such as 2⁻¹¹ of 16 bits; 0 where it
    /// looks at those that were written.
    /// </summary>
    public double RoundingError { get; init; }

    /// <summary>Indicates whether every filter is answered; where not, one that is not is refused by the name of its field.</summary>
    public bool AllFilters { get; init; } = true;

    /// <summary>Indicates whether a write is all or nothing; where not, one that fails midway may have written a part.</summary>
    public bool Transactions { get; init; } = true;

    /// <summary>Indicates whether documents are counted without reading them; where not, no metric tells their number.</summary>
    public bool Counts { get; init; } = true;
}
