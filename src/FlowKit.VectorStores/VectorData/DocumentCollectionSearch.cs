namespace FlowKit.VectorStores.VectorData;

/// <summary>A search as Microsoft.Extensions.VectorData asks for it, with its filter read.</summary>
/// <param name="Filter">The filter; <see langword="null"/> for all documents.</param>
/// <param name="Skip">The number of nearest matches that are passed over.</param>
/// <param name="ScoreThreshold">The worst score that a match may have.</param>
/// <param name="IncludeVectors">Whether vectors are returned.</param>
internal sealed record DocumentCollectionSearch(DocumentCondition? Filter, int? Skip, double? ScoreThreshold, bool? IncludeVectors);
