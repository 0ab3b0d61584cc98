using FlowKit.Executors.Graph;
using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>The ways in which a store works.</summary>
/// <param name="Metric">The measure of nearness.</param>
/// <param name="Precision">The numbers that a search looks at.</param>
/// <param name="StoreContent">Whether bytes, pixels and data URIs are kept.</param>
/// <param name="AllowUnnamed">Whether vectors whose model nobody named are taken beside those of a named one.</param>
/// <param name="Graph">The parameters of the graph; <see langword="null"/> where all vectors are looked at.</param>
/// <param name="TextFields">
/// The fields whose words are searched, a line each; <see langword="null"/> for those that the file has.
/// </param>
/// <param name="MemmapThreshold">
/// The number of documents from which a map lies beside the index; <see langword="null"/> for none, so that the rows are read and checked.
/// </param>
internal sealed record StoreOptions(
    VectorMetric Metric = VectorMetric.Cosine,
    VectorPrecision Precision = VectorPrecision.Float32,
    bool StoreContent = false,
    bool AllowUnnamed = false,
    GraphOptions? Graph = null,
    string? TextFields = null,
    int? MemmapThreshold = null)
{
    /// <summary>The same as a list.</summary>
    public IReadOnlyList<string>? TextFieldNames => TextFields?.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static StoreOptions Of(VectorIndexerOptions options) => new(
        options.Metric,
        options.Precision,
        options.StoreContent,
        options.AllowUnnamed,
        GraphOf(options),
        string.Join('\n', options.TextFields),
        options.MemmapThreshold);

    private static GraphOptions? GraphOf(VectorIndexerOptions options) => options.Index == VectorIndexKind.Hnsw
        ? new GraphOptions(options.M, options.EfConstruction, options.EfSearch)
        : null;
}
