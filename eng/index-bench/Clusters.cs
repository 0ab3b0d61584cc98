using System.Numerics.Tensors;

namespace FlowKit.IndexBench;

/// <summary>
/// Vectors as embeddings are: in clusters of about 50, spread in a space of 64 dimensions that all share and a little in every dimension, so
/// that a graph does not find the nearest too easily. Queries are other vectors of the same clusters.
/// </summary>
internal sealed class Clusters(int count, int dimension)
{
    /// <summary>The number of vectors of a cluster, on the average.</summary>
    public const int Size = 50;

    private const int SharedDimensions = 64;
    private const float SharedSpread = 0.25f;
    private const float OwnSpread = 0.75f;

    private readonly float[][] _centers = Make(Math.Max(count, 1), dimension, new Random(7));
    private readonly float[][] _axes = Make(SharedDimensions, dimension, new Random(8));

    /// <summary>Makes vectors, the same for the same seed.</summary>
    public List<float[]> Make(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            float[] vector = [.. _centers[random.Next(_centers.Length)].Select(value => value + Spread(random, OwnSpread))];
            foreach (var axis in _axes)
            {
                TensorPrimitives.MultiplyAdd(axis, Spread(random, SharedSpread), vector, vector);
            }

            return vector;
        })];
    }

    private static float[][] Make(int rows, int dimension, Random random) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, dimension).Select(_ => Spread(random, 1)).ToArray())];

    private static float Spread(Random random, float scale) => (random.NextSingle() - 0.5f) * scale;
}
