namespace FlowKit.Executors.Sql;

/// <summary>The matches that a statement found for one query.</summary>
/// <param name="Documents">The matches, without those that are worse than the threshold.</param>
/// <param name="Rows">The number of rows it gave, those included.</param>
internal sealed record PgMatches(DocumentArray Documents, int Rows);
