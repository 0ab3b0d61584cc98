using FlowKit.VectorStores;

namespace FlowKit.Executors.Sql;

/// <summary>The kind of a table, as its table of one row says.</summary>
/// <param name="Stamp">The kind of the vectors.</param>
/// <param name="Metric">The name of the measure of nearness.</param>
/// <param name="TextFields">
/// The fields whose words it has, a line each; <see langword="null"/> for one of an earlier version, which has none.
/// </param>
internal sealed record PgKind(VectorStamp Stamp, string Metric, string? TextFields);
