namespace FlowKit.Executors;

/// <summary>The ways in which an index finds the nearest vectors.</summary>
public enum VectorIndexKind
{
    /// <summary>All vectors are looked at: the search is exact.</summary>
    Exact,

    /// <summary>A graph of near vectors (HNSW): a search looks at some hundred vectors, and may miss one of the nearest.</summary>
    Hnsw,
}
