namespace FlowKit.VectorStores.VectorData;

/// <summary>The collection of a connector, as a <see cref="CollectionVectorStore"/> uses it.</summary>
public sealed record CollectionOptions
{
    /// <summary>The name of the collection.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The number of values of a vector. That of the first write when absent; a collection that is there already is opened with it alone.
    /// </summary>
    public int? Dimension { get; init; }

    /// <summary>The measure of nearness; cosine by default.</summary>
    public VectorMetric Metric { get; init; }

    /// <summary>
    /// The connector's own name of the measure, one of <c>Microsoft.Extensions.VectorData.DistanceFunction</c>, where it has not the usual
    /// one: <c>CosineDistance</c> of a cosine, <c>NegativeDotProductSimilarity</c> of a dot product, <c>EuclideanSquaredDistance</c> of a
    /// distance.
    /// </summary>
    public string? DistanceFunction { get; init; }

    /// <summary>The kind of index, one of <c>Microsoft.Extensions.VectorData.IndexKind</c>; the connector's own when absent.</summary>
    public string? IndexKind { get; init; }

    /// <summary>
    /// The tags that filters ask for, each with its kind, such as <c>city</c> or <c>address__city</c>: they become properties of their own.
    /// </summary>
    public IReadOnlyDictionary<string, FieldKind> Fields { get; init; } = new Dictionary<string, FieldKind>();

    /// <summary>
    /// Indicates whether keys are made of ids as <see cref="Guid"/>, for connectors whose keys are no texts; off by default.
    /// </summary>
    public bool GuidKeys { get; init; }

    /// <summary>Indicates whether <c>blob</c> and <c>tensor</c> of documents are kept; off by default.</summary>
    public bool StoreContent { get; init; }

    /// <summary>Indicates whether vectors whose model nobody named are taken beside those of a named one; off by default.</summary>
    public bool AllowUnnamed { get; init; }
}
