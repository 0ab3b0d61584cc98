using System.Text.Json.Nodes;
using FlowKit.VectorStores;

namespace FlowKit.TestKit.VectorStores;

/// <summary>Documents with tags, and the plainest way to search them.</summary>
internal static class Corpus
{
    /// <summary>The number of values of a vector.</summary>
    public const int Dimension = 24;

    private static readonly string[] Cities = ["Oslo", "Bergen", "Tromsø", "Bodø"];

    /// <summary>Makes documents <c>d0000</c>, <c>d0001</c> …, the same for the same seed.</summary>
    public static List<Document> Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(number => Make(number, random))];
    }

    /// <summary>Makes a document of a vector and nothing else.</summary>
    public static Document Doc(string id, params float[] vector) => new(id) { Embedding = NdArray.Wrap(vector), Text = $"text of {id}" };

    /// <summary>Makes a vector at random.</summary>
    public static float[] Vector(Random random) => [.. Enumerable.Range(0, Dimension).Select(_ => (random.NextSingle() - 0.5f) * 4)];

    /// <summary>The score of two vectors in double precision, as users see it.</summary>
    public static double Score(VectorMetric metric, Document left, Document right)
    {
        double dot = 0, l = 0, r = 0, distance = 0;
        foreach (var (a, b) in left.Embedding!.ToFloats().Zip(right.Embedding!.ToFloats(), (a, b) => ((double)a, (double)b)))
        {
            (dot, l, r, distance) = (dot + (a * b), l + (a * a), r + (b * b), distance + ((a - b) * (a - b)));
        }

        return metric switch
        {
            VectorMetric.Cosine => dot / Math.Sqrt(l * r),
            VectorMetric.Dot => dot,
            _ => Math.Sqrt(distance),
        };
    }

    /// <summary>Compares what a search found with the nearest documents; two whose scores are all but equal may change places.</summary>
    public static async Task ExpectNearestAsync(
        IVectorStore store, IReadOnlyList<Document> documents, Document query, int limit, DocumentArray found, string what)
    {
        var metric = (await store.GetStatusAsync(CancellationToken.None)).Metric;
        var error = store.Capabilities.RoundingError * documents.Select(document => Scale(metric, document, query)).DefaultIfEmpty().Max();
        var scores = documents.ToDictionary(document => document.Id, document => Score(metric, document, query));
        var sorted = metric == VectorMetric.L2 ? scores.Values.Order() : scores.Values.OrderDescending();
        List<double> expected = [.. sorted.Take(limit)];
        Expect.Equal(expected.Count, found.Count, $"the number of matches of {what}");
        Expect.Equal(found.Count, found.Select(match => match.Id).Distinct().Count(), $"the number of different matches of {what}");
        for (var i = 0; i < expected.Count; i++)
        {
            Expect.True(scores.TryGetValue(found[i].Id, out var score), $"{what} holds for the match {found[i].Id}");
            Expect.Near(expected[i], score, 2 * error, $"the score of match {i} of {what}");
            Expect.Near(score, found[i].Scores[metric.NameOf()].Value, error, $"the score that match {i} of {what} has");
        }
    }

    /// <summary>The score by which a relative error of a document's numbers may change its own.</summary>
    private static double Scale(VectorMetric metric, Document document, Document query) => metric switch
    {
        VectorMetric.Cosine => 1,
        VectorMetric.Dot => Length(document) * Length(query),
        _ => Length(document),
    };

    private static double Length(Document document) => Math.Sqrt(document.Embedding!.ToFloats().Sum(value => (double)value * value));

    private static Document Make(int number, Random random)
    {
        var document = new Document($"d{number:0000}") { Embedding = NdArray.Wrap(Vector(random)), Weight = random.Next(5) };
        document.Text = random.Next(3) > 0 ? $"picture {random.Next(50)}" : null;
        document.Tags["number"] = number;
        document.Tags["price"] = Math.Round(random.NextDouble() * 100, 2);
        document.Tags["tenant"] = $"t{number % 100}";
        document.Tags["taken"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(365)).ToString("yyyy-MM-dd", null);
        document.Tags["at"] = new JsonObject { ["lat"] = 59 + (random.NextDouble() * 2), ["lon"] = 10 + random.NextDouble() };
        document.Tags["labels"] = new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(label => JsonValue.Create($"l{label}"))]);
        document.Tags["flag"] = random.Next(2) == 0;
        if (random.Next(5) > 0)
        {
            document.Tags["city"] = Cities[random.Next(Cities.Length)];
        }

        return document;
    }
}
