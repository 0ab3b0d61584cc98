using System.ComponentModel.DataAnnotations;
using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>The options of a <see cref="PgVectorIndexer"/>.</summary>
public sealed class PgVectorIndexerOptions : VectorStoreOptions
{
    /// <summary>
    /// The connection string as Npgsql reads it; without it the variable <c>FLOWKIT_POSTGRES</c> is read. It is shown nowhere.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>The schema of the table; <c>public</c> by default.</summary>
    [RegularExpression("[a-z_][a-z0-9_]{0,49}")]
    public string Schema { get; set; } = "public";

    /// <summary>The name of the table; <c>flowkit_documents</c> by default.</summary>
    [RegularExpression("[a-z_][a-z0-9_]{0,49}")]
    public string Table { get; set; } = "flowkit_documents";

    /// <summary>
    /// The fields whose words are searched, such as <c>text</c> or <c>tags__title</c>; <c>text</c> by default, none for no words. All who
    /// share a table name the same.
    /// </summary>
    public IReadOnlyList<string> TextFields { get; set; } = ["text"];

    /// <summary>The index over the vectors: <c>none</c> (the default, exact), <c>hnsw</c> or <c>ivfflat</c>.</summary>
    public PgIndexKind Index { get; set; } = PgIndexKind.None;

    /// <summary>The number of neighbours of a node of <c>hnsw</c>; 16 by default.</summary>
    [Range(2, 100)]
    public int M { get; set; } = 16;

    /// <summary>The number of candidates while <c>hnsw</c> is built; 64 by default.</summary>
    [Range(4, 1000)]
    public int EfConstruction { get; set; } = 64;

    /// <summary>
    /// The number of candidates of a search in <c>hnsw</c>; 40 by default, and at least as many as matches are asked for.
    /// </summary>
    [Range(1, 1000)]
    public int EfSearch { get; set; } = 40;

    /// <summary>The number of lists of <c>ivfflat</c>; 100 by default.</summary>
    [Range(1, 32768)]
    public int Lists { get; set; } = 100;

    /// <summary>The number of lists of <c>ivfflat</c> that a search looks at; 10 by default.</summary>
    [Range(1, 32768)]
    public int Probes { get; set; } = 10;

    /// <summary>The seconds that PostgreSQL may take for a statement; 30 by default.</summary>
    [Range(1, 86400)]
    public int StatementTimeout { get; set; } = 30;
}
