namespace FlowKit;

/// <summary>A score of a document, with what it means: DocArray's <c>NamedScore</c>.</summary>
/// <param name="Value">The number.</param>
/// <param name="OpName">How it was computed: <c>cosine</c>, <c>softmax</c>.</param>
/// <param name="Description">What it says, for a person.</param>
/// <param name="RefId">The document it was computed against.</param>
public sealed record NamedScore(float Value, string? OpName = null, string? Description = null, string? RefId = null);
