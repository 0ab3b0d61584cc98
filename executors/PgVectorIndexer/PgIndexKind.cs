namespace FlowKit.Executors;

/// <summary>The ways in which PostgreSQL finds the nearest vectors.</summary>
public enum PgIndexKind
{
    /// <summary>All vectors are looked at: the search is exact.</summary>
    None,

    /// <summary>pgvector's graph.</summary>
    Hnsw,

    /// <summary>pgvector's lists of vectors near to centers.</summary>
    Ivfflat,
}
