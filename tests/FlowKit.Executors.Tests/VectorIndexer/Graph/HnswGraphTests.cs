using FlowKit.Executors.Graph;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>A graph against the exact search of the same rows.</summary>
public sealed class HnswGraphTests
{
    private const int Dimension = 48;

    [Theory]
    [InlineData(64, VectorPrecision.Float32, 0.95)]
    [InlineData(256, VectorPrecision.Float32, 0.99)]
    [InlineData(64, VectorPrecision.Float16, 0.95)]
    [InlineData(256, VectorPrecision.Float16, 0.99)]
    public void A_graph_finds_nearly_all_of_the_nearest(int effort, VectorPrecision precision, double recall)
    {
        var (exact, graph, vectors) = Fill(6_000, effort, precision);
        Assert.InRange(Recall(exact, graph, vectors), recall, 1);
    }

    [Fact]
    public void After_a_churn_of_all_rows_the_graph_finds_as_much_as_before()
    {
        var (exact, graph, vectors) = Fill(5_000, 96);
        var random = new Random(5);
        for (var round = 0; round < 2; round++)
        {
            var fresh = Clustered(5_000, seed: 10 + round);
            for (var i = 0; i < fresh.Count; i++)
            {
                var (removed, added) = ($"v{(round * 5_000) + i}", $"v{((round + 1) * 5_000) + i}");
                foreach (var index in (MemoryUnderTest[])[exact, graph])
                {
                    Assert.True(index.Remove(removed));
                    index.Set(added, fresh[i]);
                }
            }

            vectors = fresh;
        }

        Assert.Equal(5_000, graph.Count);
        Assert.InRange(Recall(exact, graph, vectors), 0.95, 1);
    }

    [Fact]
    public void A_filter_gives_as_many_as_there_are_at_any_share()
    {
        var (exact, graph, vectors) = Fill(6_000, 64);
        foreach (var share in (int[])[2, 15, 200, 2000])
        {
            var rows = new RowSet(6_000);
            for (var row = 0; row < 6_000; row += share)
            {
                rows.Add(row);
            }

            var queries = vectors.Take(40).ToList();
            var expected = exact.SearchMany(queries, 10, rows);
            var found = graph.SearchMany(queries, 10, rows);
            Assert.All(found, hits => Assert.Equal(Math.Min(10, rows.Count), hits.Count));
            Assert.InRange(expected.Zip(found, (left, right) => left.Select(hit => hit.Id).Intersect(right.Select(hit => hit.Id)).Count()).Sum() / (double)expected.Sum(hits => hits.Count), 0.95, 1);
        }
    }

    private static (MemoryUnderTest Exact, MemoryUnderTest Graph, List<float[]> Vectors) Fill(int count, int effort, VectorPrecision precision = VectorPrecision.Float32)
    {
        var exact = new MemoryUnderTest(Dimension);
        var graph = new MemoryUnderTest(Dimension, new StoreOptions(Precision: precision, Graph: new GraphOptions(16, 120, effort)));
        var vectors = Clustered(count, seed: 1);
        for (var i = 0; i < count; i++)
        {
            exact.Set($"v{i}", vectors[i]);
            graph.Set($"v{i}", vectors[i]);
        }

        return (exact, graph, vectors);
    }

    private static double Recall(MemoryUnderTest exact, MemoryUnderTest graph, List<float[]> vectors)
    {
        var random = new Random(77);
        var queries = vectors.Where((_, i) => i % 50 == 0).Select(vector => vector.Select(value => value + ((random.NextSingle() - 0.5f) * 0.3f)).ToArray()).ToList();
        var (expected, found) = (exact.SearchMany(queries, 10), graph.SearchMany(queries, 10));
        return expected.Zip(found, (left, right) => left.Select(hit => hit.Id).Intersect(right.Select(hit => hit.Id)).Count()).Sum() / (10.0 * queries.Count);
    }

    /// <summary>Vectors in clusters of 50, as embeddings are.</summary>
    private static List<float[]> Clustered(int count, int seed)
    {
        var random = new Random(seed);
        var centers = Enumerable.Range(0, (count / 50) + 1).Select(_ => Vector(random, 1)).ToList();
        return [.. Enumerable.Range(0, count).Select(i => centers[i / 50].Zip(Vector(random, 0.7f), (a, b) => a + b).ToArray())];
    }

    private static float[] Vector(Random random, float scale) =>
        [.. Enumerable.Range(0, Dimension).Select(_ => (random.NextSingle() - 0.5f) * 2 * scale)];
}
