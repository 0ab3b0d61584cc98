namespace FlowKit.VectorStores;

/// <summary>A page of a store's documents.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="Cursor">The place where the next page begins; <see langword="null"/> after the last one.</param>
public sealed record VectorPage(IReadOnlyList<Document> Documents, string? Cursor);
