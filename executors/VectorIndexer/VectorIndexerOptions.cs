using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>The options of a <see cref="VectorIndexer"/>.</summary>
public sealed class VectorIndexerOptions : VectorStoreOptions
{
    /// <summary>
    /// The numbers that a search looks at first: <c>float32</c> (the default), or <c>int8</c> in a quarter of the memory traffic, with the
    /// best candidates scored again in float32.
    /// </summary>
    public VectorPrecision Precision { get; set; } = VectorPrecision.Float32;
}
