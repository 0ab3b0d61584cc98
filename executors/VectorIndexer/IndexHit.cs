namespace FlowKit.Executors;

/// <summary>A document that a search found.</summary>
/// <param name="Document">The document as compact JSON, without its embedding.</param>
/// <param name="Vector">The embedding, where it was asked for.</param>
/// <param name="Cosine">The cosine to the query, -1 to 1.</param>
internal sealed record IndexHit(byte[] Document, float[]? Vector, float Cosine);
