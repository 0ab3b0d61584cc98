using System.Text.Json.Nodes;
using FlowKit.VectorStores;
using static FlowKit.TestKit.VectorStores.Corpus;

namespace FlowKit.TestKit.VectorStores;

/// <summary>Promises about filters: what holds is what <see cref="DocumentCondition.Matches"/> says of each document.</summary>
internal static class FilterCases
{
    private static readonly string[] Filters =
    [
        """{}""",
        """{"city": {"$eq": "Oslo"}}""",
        """{"tags__city": {"$neq": "Oslo"}}""",
        """{"price": {"$gt": 25, "$lte": 75.5}}""",
        """{"number": {"$gte": 100, "$lt": 110}}""",
        """{"number": {"$eq": 42.0}}""",
        """{"city": {"$in": ["Bergen", "Bodø", 3]}}""",
        """{"city": {"$nin": ["Bergen", "Bodø"]}}""",
        """{"city": {"$exists": false}}""",
        """{"tags__nothing": {"$exists": true}}""",
        """{"labels": {"$size": 2}}""",
        """{"flag": {"$eq": true}}""",
        """{"text": {"$eq": "picture 7"}}""",
        """{"text": {"$regex": "^picture [0-9]$"}}""",
        """{"text": {"$exists": false}}""",
        """{"weight": {"$gte": 3}}""",
        """{"id": {"$in": ["d0001", "d0005", "nobody"]}}""",
        """{"taken": {"$gte": {"$date": "2026-03-01"}, "$lt": {"$date": "2026-06-01T00:00:00Z"}}}""",
        """{"taken": {"$eq": {"$date": "2026-03-01T01:00:00+01:00"}}}""",
        """{"taken": {"$neq": {"$date": "2026-03-02"}}}""",
        """{"at": {"$geo_radius": {"center": {"lat": 60, "lon": 10.5}, "radius": 40000}}}""",
        """{"$or": [{"city": {"$eq": "Oslo"}}, {"price": {"$lt": 10}}]}""",
        """{"$and": [{"city": {"$eq": "Oslo"}}, {"$not": {"price": {"$lt": 50}}}]}""",
        """{"$not": {"$or": [{"city": {"$exists": true}}, {"weight": {"$eq": 2}}]}}""",
        """{"price": {"$gt": "a text"}}""",
        """{"city": {"$gt": "M"}}""",
        """{"text__contains": "ture 1"}""",
        """{"text__startswith": "picture 2"}""",
    ];

    private static readonly string[] SelectiveFilters =
    [
        """{"tenant": {"$eq": "t7"}}""",
        """{"number": {"$lt": 3}}""",
        """{"number": {"$eq": 1999}}""",
        """{"flag": {"$eq": true}}""",
    ];

    public static async Task FiltersAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var documents = Make(400);
        await store.UpsertAsync(documents, cancellationToken);
        foreach (var text in Filters)
        {
            await CheckOrRefusedAsync(store, documents, text, cancellationToken);
        }

        var random = new Random(6);
        for (var i = 0; i < 40; i++)
        {
            await CheckOrRefusedAsync(store, documents, Combine(random, depth: 0).ToJsonString(), cancellationToken);
        }
    }

    public static async Task SelectiveAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var documents = Make(2000);
        await store.UpsertAsync(documents, cancellationToken);
        foreach (var text in SelectiveFilters)
        {
            await CheckAsync(store, documents, text, cancellationToken);
        }
    }

    public static async Task DeleteAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var documents = Make(200);
        await store.UpsertAsync(documents, cancellationToken);
        var filter = Parse("""{"$or": [{"price": {"$lt": 30}}, {"city": {"$eq": "Bergen"}}]}""");
        var expected = documents.Where(document => !filter.Matches(document)).Select(document => document.Id).ToList();
        Expect.Equal(documents.Count - expected.Count, await store.DeleteAsync(filter, cancellationToken));
        Expect.Equal(0, await store.DeleteAsync(filter, cancellationToken));
        Expect.Equal(0, await store.CountAsync(filter, cancellationToken));
        var left = (await store.ScrollAsync(new VectorScroll { Limit = 1000 }, cancellationToken)).Documents;
        Expect.EqualLists(expected, left.Select(document => document.Id).Order(StringComparer.Ordinal));
    }

    public static async Task FreshAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var documents = Make(50);
        await store.UpsertAsync(documents, cancellationToken);
        var filter = Parse("""{"city": {"$eq": "Oslo"}}""");
        Expect.Equal(documents.Count(filter.Matches), await store.CountAsync(filter, cancellationToken));
        documents.ForEach(document => document.Tags["city"] = document.Tags["number"]!.GetValue<int>() % 3 == 0 ? "Oslo" : "Bergen");
        await store.UpsertAsync(documents, cancellationToken);
        Expect.Equal(17, await store.CountAsync(filter, cancellationToken));
        await store.DeleteAsync(["d0000", "d0001"], cancellationToken);
        Expect.Equal(16, await store.CountAsync(filter, cancellationToken));
        await store.UpsertAsync([documents[0]], cancellationToken);
        Expect.Equal(17, await store.CountAsync(filter, cancellationToken));
    }

    private static async Task CheckAsync(
        IVectorStore store, List<Document> documents, string text, CancellationToken cancellationToken)
    {
        var filter = Parse(text);
        var matching = documents.Where(filter.Matches).ToList();
        Expect.Equal(matching.Count, await store.CountAsync(filter, cancellationToken), $"the count of {text}");
        foreach (var limit in (int[])[10, 1000])
        {
            var query = Make(1, seed: text.Length)[0];
            var found = (await store.SearchAsync([query], new VectorSearch { Limit = limit, Filter = filter }, cancellationToken))[0];
            await ExpectNearestAsync(store, matching, query, limit, found, text);
        }

        var page = await store.ScrollAsync(new VectorScroll { Limit = 1000, Filter = filter }, cancellationToken);
        Expect.EqualLists(
            matching.Take(1000).Select(document => document.Id),
            page.Documents.Select(document => document.Id).Order(StringComparer.Ordinal),
            $"the page of {text}");
    }

    /// <summary>A store that does not take all filters refuses what it does not take by its name, and never answers otherwise.</summary>
    private static async Task CheckOrRefusedAsync(
        IVectorStore store, List<Document> documents, string text, CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(store, documents, text, cancellationToken);
        }
        catch (FlowKitException exception) when (!store.Capabilities.AllFilters)
        {
            Expect.Equal(FlowErrorCode.InvalidArgument, exception.Error.Code, $"the refusal of {text}");
            Expect.True(
                Parse(text).Fields.Any(field => exception.Message.Contains($"parameters.filter: {field}", StringComparison.Ordinal)),
                $"'{exception.Message}' names a field of {text}");
        }
    }

    private static JsonNode Combine(Random random, int depth)
    {
        if (depth == 3 || random.Next(3) == 0)
        {
            return JsonNode.Parse(Filters[1 + random.Next(Filters.Length - 1)])!;
        }

        JsonArray Parts() => new([.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Combine(random, depth + 1))]);
        return random.Next(3) switch
        {
            0 => new JsonObject { ["$and"] = Parts() },
            1 => new JsonObject { ["$or"] = Parts() },
            _ => new JsonObject { ["$not"] = Combine(random, depth + 1) },
        };
    }

    private static DocumentCondition Parse(string text) => DocumentCondition.ParseFilter(JsonNode.Parse(text)!);
}
