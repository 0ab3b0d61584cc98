using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.VectorStores;

namespace FlowKit.TestKit.VectorStores;

/// <summary>Promises about words. A store that does not find documents by words says so.</summary>
internal static class WordCases
{
    private static readonly string[] Signs =
    [
        "\"red apple", "red\" apple", "red AND NOT apple", "red\0apple", "NEAR(red apple, 2)",
        "red* apple*", "words:red apple", "{red} : apple", "^red + apple",
        "-red (apple", "'; DROP TABLE words; -- red apple", "red OR apple)", "RED Äpple & apple | !red <-> apple:*",
        "\\red \\'apple", "red\u0301\ud800 apple",
    ];

    public static Task FindsAsync(IVectorStore store, CancellationToken cancellationToken) => IfOfferedAsync(store, async score =>
    {
        await WriteAsync(store, cancellationToken, "a red apple", "a red car, and a red bus", "green pear", "apple", "nothing of it");
        var found = await FindAsync(store, "Red APPLE", new VectorSearch(), cancellationToken);
        Expect.EqualLists(["w0", "w1", "w3"], Ids(found).Order(StringComparer.Ordinal), "the documents that have one of the words");
        Expect.Equal("w0", found[0].Id, "the document that has both words");
        var scores = found.Select(match => match.Scores[score].Value).ToList();
        Expect.EqualLists(scores.OrderDescending(), scores, "the scores, best first");
        Expect.Equal(("q", 1u, true), (found[0].Scores[score].RefId, found[0].Adjacency, found[0].Embedding is null));
        Expect.Equal("a red apple", found[0].Text);
        Expect.Equal(0, (await FindAsync(store, "yellow", new VectorSearch(), cancellationToken)).Count, "the matches of another word");
        Expect.Equal(0, (await FindAsync(store, " !?* \"\" ", new VectorSearch(), cancellationToken)).Count, "the matches of no word");
    });

    public static Task SignsAsync(IVectorStore store, CancellationToken cancellationToken) => IfOfferedAsync(store, async _ =>
    {
        await WriteAsync(store, cancellationToken, "red", "apple", "red apple", "and not near or words drop table", "pear");
        foreach (var text in Signs)
        {
            var found = Ids(await FindAsync(store, text, new VectorSearch(), cancellationToken)).ToList();
            foreach (var id in (string[])["w1", "w2"])
            {
                Expect.True(found.Contains(id), $"'{text}' finds {id}");
            }

            Expect.True(!found.Contains("w4"), $"'{text}' does not find w4");
        }

        var long1 = string.Join(' ', Enumerable.Repeat("apple", 180_000));
        var long2 = string.Concat(long1, " red ", new string('x', 1_000_000));
        var repeated = Ids(await FindAsync(store, long1, new VectorSearch(), cancellationToken));
        Expect.EqualLists(["w1", "w2"], repeated.Order(StringComparer.Ordinal));
        Expect.Equal(3, (await FindAsync(store, long2, new VectorSearch(), cancellationToken)).Count);
        var many = string.Join(' ', Enumerable.Range(0, 150_000));
        await Expect.ThrowsAsync(
            FlowErrorCode.InvalidArgument, () => FindAsync(store, many, new VectorSearch(), cancellationToken), "too many words");
    });

    public static Task PagesAsync(IVectorStore store, CancellationToken cancellationToken) => IfOfferedAsync(store, async score =>
    {
        await WriteAsync(
            store,
            cancellationToken,
            [.. Enumerable.Range(0, 120).Select(i => string.Join(' ', Enumerable.Repeat("red", 1 + (i % 3)).Append($"number{i}")))]);
        var filter = DocumentCondition.ParseFilter(JsonNode.Parse("""{"number": {"$lt": 100}}""")!);
        var search = new VectorSearch { Filter = filter, Limit = 1000 };
        var whole = await FindAsync(store, "red", search, cancellationToken);
        Expect.Equal(100, whole.Count, "the matches of a filter");
        var sorted = whole.OrderByDescending(match => match.Scores[score].Value).ThenBy(match => match.Id, StringComparer.Ordinal);
        Expect.EqualLists(Ids(sorted), Ids(whole), "equal scores in the order of their ids");
        var paged = new List<string>();
        for (var offset = 0; offset < 120; offset += 7)
        {
            paged.AddRange(Ids(await FindAsync(store, "red", search with { Limit = 7, Offset = offset }, cancellationToken)));
        }

        Expect.EqualLists(Ids(whole), paged, "the pages");
        var (better, worse) = (whole[32].Scores[score].Value, whole[^1].Scores[score].Value);
        var cut = await FindAsync(store, "red", search with { ScoreThreshold = (better + worse) / 2 }, cancellationToken);
        Expect.True(cut.Count is > 0 and < 100, "a threshold cuts the list");
        Expect.EqualLists(Ids(whole.Take(cut.Count)), Ids(cut));
        var few = DocumentCondition.ParseFilter(JsonNode.Parse("""{"number": {"$in": [3, 117]}}""")!);
        Expect.EqualLists(
            ["w117", "w3"],
            Ids(await FindAsync(store, "red", new VectorSearch { Filter = few }, cancellationToken)).Order(StringComparer.Ordinal));
    });

    public static Task FreshAsync(IVectorStore store, CancellationToken cancellationToken) => IfOfferedAsync(store, async _ =>
    {
        await WriteAsync(store, cancellationToken, "red", "red", "red");
        await store.UpsertAsync([Make("w1", 1, "blue")], cancellationToken);
        Expect.EqualLists(["w0", "w2"], Ids(await FindAsync(store, "red", new VectorSearch(), cancellationToken)));
        await store.DeleteAsync(["w0"], cancellationToken);
        Expect.EqualLists(["w2"], Ids(await FindAsync(store, "red", new VectorSearch(), cancellationToken)));
        await store.UpsertAsync([Make("w2", 2, null)], cancellationToken);
        Expect.Equal(0, (await FindAsync(store, "red", new VectorSearch(), cancellationToken)).Count, "a text that was taken away");
        await store.UpsertAsync([Make("w9", 9, "red")], cancellationToken);
        Expect.EqualLists(["w9"], Ids(await FindAsync(store, "red", new VectorSearch(), cancellationToken)));
        Expect.EqualLists(["w1"], Ids(await FindAsync(store, "blue", new VectorSearch(), cancellationToken)));
    });

    private static async Task IfOfferedAsync(IVectorStore store, Func<string, Task> promise)
    {
        if (store.Capabilities.WordScore is { } score)
        {
            await promise(score);
            return;
        }

        await Expect.ThrowsAsync(
            FlowErrorCode.FailedPrecondition,
            () => store.SearchWordsAsync([new Document("q") { Text = "red" }], new VectorSearch(), CancellationToken.None).AsTask(),
            "words that are not offered");
    }

    private static ValueTask WriteAsync(IVectorStore store, CancellationToken cancellationToken, params string[] texts) =>
        store.UpsertAsync(
            [.. texts.Select((text, i) => Make(string.Create(CultureInfo.InvariantCulture, $"w{i}"), i, text))], cancellationToken);

    private static Document Make(string id, int number, string? text)
    {
        var document = Corpus.Doc(id, 1, number);
        (document.Text, document.Tags["number"]) = (text, number);
        return document;
    }

    private static async Task<DocumentArray> FindAsync(
        IVectorStore store, string text, VectorSearch search, CancellationToken cancellationToken) =>
        (await store.SearchWordsAsync([new Document("q") { Text = text }], search, cancellationToken))[0];

    private static IEnumerable<string> Ids(IEnumerable<Document> matches) => matches.Select(match => match.Id);
}
