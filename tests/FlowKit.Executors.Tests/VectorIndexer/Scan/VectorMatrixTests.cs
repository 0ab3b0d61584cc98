using FlowKit.Executors.Scan;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Indexing;

public sealed class VectorMatrixTests
{
    private const int Rows = 1100;
    private const int Dimension = 37;

    [Theory]
    [InlineData(VectorMetric.Cosine, VectorPrecision.Float32)]
    [InlineData(VectorMetric.Dot, VectorPrecision.Float32)]
    [InlineData(VectorMetric.L2, VectorPrecision.Float32)]
    [InlineData(VectorMetric.Cosine, VectorPrecision.Float16)]
    [InlineData(VectorMetric.L2, VectorPrecision.Float16)]
    public void Rows_that_lie_anywhere_score_to_the_same_bits_as_each_alone(VectorMetric metric, VectorPrecision precision)
    {
        var random = new Random(1);
        var matrix = new VectorMatrix(Dimension, metric, precision);
        for (var row = 0; row < Rows; row++)
        {
            matrix.Set(row, Vector(random));
        }

        var query = new float[matrix.Length];
        matrix.Write(Vector(random), query);
        for (var count = 0; count <= 9; count++)
        {
            int[] rows = [.. Enumerable.Range(0, count).Select(_ => random.Next(Rows))];
            var scores = new float[count];
            matrix.Score(rows, query, scores);

            Assert.Equal(rows.Select(row => matrix.Score(row, query)), scores);
        }
    }

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, Dimension).Select(_ => (random.NextSingle() * 8) - 3)];
}
