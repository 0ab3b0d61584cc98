using Microsoft.Extensions.VectorData;

namespace FlowKit.VectorStores.VectorData;

/// <summary>Scores of connectors as FlowKit has them.</summary>
/// <param name="metric">The measure.</param>
/// <param name="function">The connector's name of it; <see langword="null"/> for the usual one.</param>
internal sealed class RecordScore(VectorMetric metric, string? function)
{
    private static readonly Dictionary<(VectorMetric, string), Func<double, double>> s_conversions = new()
    {
        [(VectorMetric.Cosine, DistanceFunction.CosineSimilarity)] = score => score,
        [(VectorMetric.Cosine, DistanceFunction.CosineDistance)] = distance => 1 - distance,
        [(VectorMetric.Dot, DistanceFunction.DotProductSimilarity)] = score => score,
        [(VectorMetric.Dot, DistanceFunction.NegativeDotProductSimilarity)] = score => -score,
        [(VectorMetric.L2, DistanceFunction.EuclideanDistance)] = distance => distance,
        [(VectorMetric.L2, DistanceFunction.EuclideanSquaredDistance)] = square => Math.Sqrt(Math.Max(square, 0)),
    };

    private readonly Func<double, double> _convert = s_conversions.GetValueOrDefault((metric, NameOf(metric, function)))
        ?? throw new FlowKitException(
            FlowErrorCode.InvalidArgument,
            $"DistanceFunction: '{function}' is no {metric.NameOf()}; expected {string.Join(" or ", NamesOf(metric))}.");

    /// <summary>The connector's name of the measure.</summary>
    public string Function { get; } = NameOf(metric, function);

    /// <summary>Returns the score as FlowKit has it.</summary>
    /// <exception cref="FlowKitException">The connector has given none.</exception>
    public float Read(double? score) => score is { } known
        ? (float)_convert(known)
        : throw new FlowKitException(FlowErrorCode.Internal, "The collection gives matches without scores.");

    /// <summary>Tells whether a score is worse than another.</summary>
    public bool IsWorse(float score, float other) => metric == VectorMetric.L2 ? score > other : score < other;

    private static IEnumerable<string> NamesOf(VectorMetric metric) =>
        s_conversions.Keys.Where(pair => pair.Item1 == metric).Select(pair => pair.Item2);

    private static string NameOf(VectorMetric metric, string? function) => function ?? NamesOf(metric).First();
}
