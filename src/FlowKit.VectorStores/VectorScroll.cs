namespace FlowKit.VectorStores;

/// <summary>A page of a store's documents, as a caller asks for it.</summary>
public sealed record VectorScroll
{
    /// <summary>The number of documents; 10 by default.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>The cursor of the page before; <see langword="null"/> for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>The filter; <see langword="null"/> for all documents.</summary>
    public DocumentCondition? Filter { get; init; }

    /// <summary>The fields that are returned; all but the embedding by default.</summary>
    public FieldSelection Fields { get; init; } = FieldSelection.All;
}
