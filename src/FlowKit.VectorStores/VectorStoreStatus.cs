namespace FlowKit.VectorStores;

/// <summary>The state of a store.</summary>
/// <param name="Count">The number of documents that are found.</param>
/// <param name="Stamp">The kind of the vectors; <see langword="null"/> in a store that never had any.</param>
/// <param name="Metric">The measure of nearness.</param>
public sealed record VectorStoreStatus(long Count, VectorStamp? Stamp, VectorMetric Metric)
{
    /// <summary>The documents that are damaged and left out, by their ids as far as these can be read.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];

    /// <summary>The number of documents that were acknowledged and are not there any more.</summary>
    public long Lost { get; init; }
}
