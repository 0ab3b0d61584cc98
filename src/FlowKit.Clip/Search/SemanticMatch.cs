namespace FlowKit.Clip.Search;

/// <summary>A response to a query.</summary>
/// <param name="ResponseId">Its place among the responses.</param>
/// <param name="Score">The similarity; more is nearer.</param>
public readonly record struct SemanticMatch(int ResponseId, float Score);
