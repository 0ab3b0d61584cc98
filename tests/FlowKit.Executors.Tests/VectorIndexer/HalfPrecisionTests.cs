using FlowKit.Executors.Scan;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Vectors in floats of 16 bits against the same in 32.</summary>
public sealed class HalfPrecisionTests
{
    private const int Dimension = 256;

    [Theory]
    [InlineData(VectorMetric.Cosine)]
    [InlineData(VectorMetric.Dot)]
    [InlineData(VectorMetric.L2)]
    public void Nearly_all_of_the_nearest_are_found_in_half_the_memory(VectorMetric metric)
    {
        var (exact, half) = (new MemoryUnderTest(Dimension, new StoreOptions(metric)), new MemoryUnderTest(Dimension, new StoreOptions(metric, VectorPrecision.Float16)));
        var vectors = Vectors(5_000, seed: 1);
        for (var i = 0; i < vectors.Count; i++)
        {
            exact.Set($"v{i}", vectors[i]);
            half.Set($"v{i}", vectors[i]);
        }

        var queries = Vectors(100, seed: 2);
        var (expected, found) = (exact.SearchMany(queries, 10), half.SearchMany(queries, 10));
        var shared = expected.Zip(found, (left, right) => left.Select(hit => hit.Id).Intersect(right.Select(hit => hit.Id)).Count()).Sum();
        Assert.InRange(shared / 1000.0, 0.99, 1);
        foreach (var (left, right) in expected.Zip(found))
        {
            Assert.Equal(left[0].Cosine, right[0].Cosine, Math.Max(1, Math.Abs(left[0].Cosine)) * 1e-3);
        }
    }

    [Fact]
    public void A_pair_has_the_same_score_bit_for_bit_alone_in_a_batch_and_after_a_filter()
    {
        var index = new MemoryUnderTest(Dimension, new StoreOptions(Precision: VectorPrecision.Float16));
        var vectors = Vectors(2_500, seed: 3);
        for (var i = 0; i < vectors.Count; i++)
        {
            index.Set($"v{i}", vectors[i]);
        }

        var queries = Vectors(11, seed: 4);
        var batch = index.SearchMany(queries, 2_500);
        for (var i = 0; i < queries.Count; i++)
        {
            Assert.Equal(batch[i], index.Search(queries[i], 2_500));
        }

        var few = new RowSet(2_500);
        for (var row = 3; row < 2_500; row += 97)
        {
            few.Add(row);
        }

        var all = batch[0].ToDictionary(hit => hit.Id, hit => hit.Cosine, StringComparer.Ordinal);
        Assert.All(index.SearchMany([queries[0]], 50, few)[0], hit => Assert.Equal(all[hit.Id], hit.Cosine));
    }

    [Theory]
    [InlineData(VectorMetric.Dot)]
    [InlineData(VectorMetric.L2)]
    public void No_vector_is_too_large_or_too_small(VectorMetric metric)
    {
        foreach (var scale in (float[])[1e-15f, 1e-6f, 1, 1e6f, 1e15f])
        {
            var index = new MemoryUnderTest(3, new StoreOptions(metric, VectorPrecision.Float16));
            index.Set("a", [scale, scale / 3, 0]);
            index.Set("b", [0, scale, scale / 1000]);
            var (id, score) = index.Search([scale, scale / 3, 0], 2)[metric == VectorMetric.Dot ? 0 : 1];
            var expected = metric == VectorMetric.Dot ? scale * scale * (10f / 9) : scale * MathF.Sqrt(1 + (4f / 9) + 1e-6f);
            Assert.Equal(metric == VectorMetric.Dot ? "a" : "b", id);
            Assert.Equal(expected, score, Math.Max(expected * 2e-3f, float.Epsilon));
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    [InlineData(-1.9993f)]
    [InlineData(3.0001f)]
    [InlineData(-0.33333f)]
    [InlineData(1e-4f)]
    public void A_number_is_rounded_to_the_nearest_and_what_vanishes_beside_the_largest_is_zero(float value)
    {
        var rows = new HalfRows(16);
        var (written, read) = (new float[16], new float[16]);
        (written[0], written[5], written[9]) = (4, value, 1e-9f);
        rows.Set(2000, written);
        rows.Read(2000, read);
        Assert.Equal((4f, 0f, 0f), (read[0], read[9], read[15]));
        Assert.Equal(value, read[5], Math.Abs(value) / 2048);
    }

    private static List<float[]> Vectors(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Dimension).Select(_ => (random.NextSingle() - 0.5f) * 4).ToArray())];
    }
}
