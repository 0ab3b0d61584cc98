using System.ComponentModel.DataAnnotations;
using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>The options of a <see cref="VectorIndexer"/>.</summary>
public sealed class VectorIndexerOptions : VectorStoreOptions
{
    /// <summary>
    /// The numbers that a search looks at: <c>float32</c> (the default), <c>float16</c> in half the memory, or <c>int8</c>, which looks at
    /// a quarter of the memory first and scores the best candidates again in float32. Documents keep their vectors as they came.
    /// </summary>
    public VectorPrecision Precision { get; set; } = VectorPrecision.Float32;

    /// <summary>
    /// The way in which the nearest are found: <c>exact</c> (the default), or <c>hnsw</c>, a graph in memory. A filter that few documents
    /// match is searched exactly in either.
    /// </summary>
    public VectorIndexKind Index { get; set; } = VectorIndexKind.Exact;

    /// <summary>
    /// The fields whose words are searched, such as <c>text</c> or <c>tags__title</c>; <c>text</c> by default, none for no words. An index
    /// of other fields is read once when it is opened.
    /// </summary>
    public IReadOnlyList<string> TextFields { get; set; } = ["text"];

    /// <summary>
    /// The number of documents from which vectors and graph lie in a file of their own too, which is mapped into memory when the index is
    /// opened instead of reading all documents; 50,000 by default. It takes about as much room again as the vectors.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MemmapThreshold { get; set; } = 50_000;

    /// <summary>The number of neighbours of a node of the graph; 16 by default.</summary>
    [Range(2, 128)]
    public int M { get; set; } = 16;

    /// <summary>The number of candidates while the graph is made; 200 by default.</summary>
    [Range(4, 4096)]
    public int EfConstruction { get; set; } = 200;

    /// <summary>The number of candidates of a search in the graph, at least as many as matches are asked for; 64 by default.</summary>
    [Range(1, 10_000)]
    public int EfSearch { get; set; } = 64;
}
