namespace FlowKit.Executors.Tests.Indexing;

/// <summary>The search against the plainest way to compute it, in double precision.</summary>
public sealed class BruteForceTests
{
    private const int Dimension = 67;

    [Theory]
    [InlineData(2_000, 1)]
    [InlineData(2_000, 10)]
    [InlineData(2_000, 500)]
    [InlineData(2_000, 3_000)]
    [InlineData(23_000, 10)]
    public void The_nearest_are_those_of_the_plainest_computation(int count, int limit)
    {
        var (matrix, vectors) = Fill(count);
        foreach (var query in Random(5, seed: 99))
        {
            var expected = vectors.Select(pair => (pair.Key, Cosine: Cosine(query, pair.Value))).OrderByDescending(pair => pair.Cosine).Take(limit).ToList();
            var found = matrix.Search(query, limit);
            Assert.Equal(Math.Min(limit, count), found.Count);
            Assert.Equal(found.Count, found.Select(hit => hit.Id).Distinct().Count());
            for (var i = 0; i < found.Count; i++)
            {
                Assert.Equal(expected[i].Cosine, found[i].Cosine, 1e-5);
                Assert.Equal(Cosine(query, vectors[found[i].Id]), found[i].Cosine, 1e-5);
            }
        }
    }

    [Fact]
    public void Equal_scores_come_in_the_order_of_their_ids_whatever_was_indexed_first()
    {
        var matrix = new MemoryUnderTest(Dimension);
        var same = Random(1, seed: 3)[0];
        foreach (var id in Enumerable.Range(0, 300).Select(number => $"id-{number:000}").OrderBy(id => id.GetHashCode(StringComparison.Ordinal)))
        {
            matrix.Set(id, same);
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"id-{number:000}"), matrix.Search(same, 40).Select(hit => hit.Id));
    }

    [Fact]
    public void Removed_rows_are_gone_and_the_others_keep_their_vectors()
    {
        var (matrix, vectors) = Fill(3_000);
        var random = new Random(8);
        foreach (var id in vectors.Keys.Where(_ => random.Next(3) > 0).ToList())
        {
            Assert.True(matrix.Remove(id));
            Assert.False(matrix.Remove(id));
            vectors.Remove(id);
        }

        Assert.Equal(vectors.Count, matrix.Count);
        Assert.All(vectors, pair =>
        {
            var (id, cosine) = matrix.Search(pair.Value, 1).Single();
            Assert.Equal((pair.Key, 1f), (id, MathF.Round(cosine, 5)));
        });
    }

    private static (MemoryUnderTest Matrix, Dictionary<string, float[]> Vectors) Fill(int count)
    {
        var matrix = new MemoryUnderTest(Dimension);
        var vectors = Random(count, seed: 1).Select((vector, i) => (Id: $"v{i}", vector)).ToDictionary(pair => pair.Id, pair => pair.vector);
        foreach (var (id, vector) in vectors)
        {
            matrix.Set(id, vector);
        }

        return (matrix, vectors);
    }

    private static List<float[]> Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Dimension).Select(_ => (random.NextSingle() - 0.5f) * 20).ToArray())];
    }

    private static double Cosine(float[] left, float[] right)
    {
        double dot = 0, l = 0, r = 0;
        for (var i = 0; i < left.Length; i++)
        {
            (dot, l, r) = (dot + ((double)left[i] * right[i]), l + ((double)left[i] * left[i]), r + ((double)right[i] * right[i]));
        }

        return dot / Math.Sqrt(l * r);
    }
}
