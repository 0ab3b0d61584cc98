namespace FlowKit.Executors;

/// <summary>A row of the index as it is stored.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Document">The document as compact JSON, without its embedding.</param>
/// <param name="Vector">The embedding.</param>
internal sealed record IndexedVector(string Id, byte[] Document, float[] Vector);
