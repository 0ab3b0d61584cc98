namespace FlowKit.Executors.Scan;

/// <summary>A row that a search found.</summary>
/// <param name="Row">The row.</param>
/// <param name="Score">The score: more is nearer.</param>
internal readonly record struct RowHit(int Row, float Score);
