namespace FlowKit.Executors.Scan;

/// <summary>A search of rows.</summary>
/// <param name="Queries">The queries as rows of the matrix, one after another.</param>
/// <param name="Limit">The number of hits of each.</param>
/// <param name="Threshold">The worst score that users want to see; <see langword="null"/> for none.</param>
/// <param name="Rows">The rows that may be found; <see langword="null"/> for all that have a document.</param>
/// <param name="Exact">Whether rows in 8 bits are passed over.</param>
internal sealed record ScanRequest(float[] Queries, int Limit, float? Threshold, RowSet? Rows, bool Exact);
