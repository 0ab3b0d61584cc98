namespace FlowKit.TestKit.VectorStores;

/// <summary>Tells that a store does not keep a promise of every store.</summary>
/// <param name="message">What was expected, and what came.</param>
public sealed class VectorStoreConformanceException(string message) : Exception(message);
