using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Routing.Shards;

/// <summary>Random shards; the seed of a failure is in its message.</summary>
public sealed class ShardReducerPropertyTests
{
    private const int Runs = 2_000;

    [Fact]
    public void The_merge_of_sorted_shards_is_the_top_of_one_sorted_index()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            var ascending = random.Next(2) == 0;
            var shards = random.Next(2, 7);
            var limit = random.Next(1, 12);
            var index = Enumerable.Range(0, random.Next(0, 40)).Select(i => (Id: $"d{i:D2}", Score: random.Next(12) / 4f)).ToList();

            var parts = index.ToLookup(entry => ShardPolling.ShardOf(entry.Id, shards));
            var lists = Enumerable.Range(0, shards).Select(shard => Answer(Best(parts[shard], ascending).Take(limit), ascending)).ToList();

            var result = ShardReducer.Reduce(lists, random.Next(2) == 0 ? limit : Math.Max(limit, index.Count))[0];

            var expected = Best(index, ascending).Take(limit).Select(entry => entry.Id);
            Assert.True(expected.SequenceEqual(result.Matches.Take(limit).Select(match => match.Id)), $"seed {seed}");
        }
    }

    [Fact]
    public void An_id_that_several_shards_hold_is_there_once_with_its_best_score()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            var lists = Enumerable.Range(0, random.Next(2, 6))
                .Select(_ => Enumerable.Range(0, 8).Where(_ => random.Next(2) == 0).Select(i => (Id: $"d{i}", Score: random.Next(6) / 4f)).ToList())
                .ToList();

            var result = ShardReducer.Reduce([.. lists.Select(list => Answer(Best(list, false), false))], 8)[0];

            var expected = Best(lists.SelectMany(list => list).GroupBy(entry => entry.Id).Select(group => (group.Key, group.Max(entry => entry.Score))), false);
            Assert.True(expected.SequenceEqual(result.Matches.Select(match => (match.Id, match.Scores["cosine"].Value))), $"seed {seed}");
        }
    }

    [Fact]
    public void Without_matches_it_is_Jinas_reduce()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            var parts = Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomDocuments(random, depth: 0)).ToList();
            var copies = parts.ConvertAll(part => part.Clone());

            var expected = Show(DocumentReducer.Reduce(copies));

            Assert.True(expected == Show(ShardReducer.Reduce(parts, limit: 1)), $"seed {seed}");
        }
    }

    private static IEnumerable<(string Id, float Score)> Best(IEnumerable<(string Id, float Score)> entries, bool ascending) =>
        (ascending ? entries.OrderBy(entry => entry.Score) : entries.OrderByDescending(entry => entry.Score)).ThenBy(entry => entry.Id, StringComparer.Ordinal);

    private static DocumentArray Answer(IEnumerable<(string Id, float Score)> matches, bool ascending)
    {
        var query = new Document("q");
        foreach (var (id, score) in matches)
        {
            var match = new Document(id);
            match.Scores[ascending ? "euclidean" : "cosine"] = new NamedScore(score, ascending ? null : "cosine");
            query.Matches.Add(match);
        }

        return [query];
    }

    private static DocumentArray RandomDocuments(Random random, int depth)
    {
        var documents = new DocumentArray();
        foreach (var i in Enumerable.Range(0, 5).Where(_ => random.Next(2) == 0).OrderBy(_ => random.Next()).ToList())
        {
            var document = new Document($"d{i}")
            {
                Text = random.Next(2) == 0 ? $"t{random.Next(9)}" : null,
                Uri = random.Next(2) == 0 ? $"u{random.Next(9)}" : null,
                Weight = random.Next(2) == 0 ? random.Next(9) : null,
                Tags = random.Next(2) == 0 ? new JsonObject { ["n"] = random.Next(9) } : [],
            };
            document.Scores[$"s{random.Next(2)}"] = new NamedScore(random.Next(9));
            document.Chunks = depth < 2 ? RandomDocuments(random, depth + 1) : [];
            documents.Add(document);
        }

        return documents;
    }

    private static string Show(DocumentArray documents) => string.Join(';', documents.Select(document =>
        $"{document.Id},{document.Text},{document.Uri},{document.Weight},{document.Tags.ToJsonString()},{JsonSerializer.Serialize(document.Scores.OrderBy(pair => pair.Key))},[{Show(document.Chunks)}]"));
}
