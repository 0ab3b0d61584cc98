namespace FlowKit.VectorStores;

/// <summary>A document that is read from a file.</summary>
/// <param name="Place">Its place in the file, such as <c>Line 7</c>, for an error.</param>
/// <param name="Document">The document with its embedding.</param>
public sealed record PlacedDocument(string Place, Document Document);
