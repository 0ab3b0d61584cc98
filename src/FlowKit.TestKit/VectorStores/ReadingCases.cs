using FlowKit.VectorStores;
using static FlowKit.TestKit.VectorStores.Corpus;

namespace FlowKit.TestKit.VectorStores;

/// <summary>Promises about what is read.</summary>
internal static class ReadingCases
{
    public static async Task GetAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var documents = Make(20);
        await store.UpsertAsync(documents, cancellationToken);
        var found = await store.GetAsync(["d0007", "nobody", "d0003", "d0007"], FieldSelection.WithEmbedding, cancellationToken);
        Expect.EqualLists(["d0007", "(none)", "d0003", "d0007"], found.Select(document => document?.Id ?? "(none)"));
        Expect.EqualLists(documents[7].Embedding!.ToFloats(), found[0]!.Embedding!.ToFloats());
        Expect.Equal(documents[7].Tags.ToJsonString(), found[0]!.Tags.ToJsonString());
        Expect.Equal((documents[7].Text, documents[7].Weight), (found[0]!.Text, found[0]!.Weight));
        Expect.Equal(true, (await store.GetAsync(["d0001"], FieldSelection.All, cancellationToken))[0]!.Embedding is null);
    }

    public static async Task FieldsAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var document = Doc("a", 1, 0);
        (document.Uri, document.Tags["city"], document.Tags["price"]) = ("a.jpg", "Oslo", 3);
        await store.UpsertAsync([document], cancellationToken);
        var search = new VectorSearch { Fields = FieldSelection.Parse(["tags__city", "uri"], "return") };
        var match = (await store.SearchAsync([Doc("q", 1, 0)], search, cancellationToken))[0].Single();
        Expect.Equal(("a", "a.jpg", null, """{"city":"Oslo"}"""), (match.Id, match.Uri, match.Text, match.Tags.ToJsonString()));
        Expect.True(match.HasScores && match.Embedding is null, "a match has its score, and no embedding that was not selected");
    }

    public static async Task BatchAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await store.UpsertAsync(Make(700), cancellationToken);
        var queries = Make(33, seed: 3);
        var search = new VectorSearch { Limit = 12 };
        var batch = await store.SearchAsync(queries, search, cancellationToken);
        Expect.Equal(queries.Count, batch.Count);
        for (var i = 0; i < queries.Count; i++)
        {
            var alone = (await store.SearchAsync([queries[i]], search, cancellationToken))[0];
            Expect.EqualLists(alone.Select(match => match.Id), batch[i].Select(match => match.Id));
        }
    }

    public static async Task TiesAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await store.UpsertAsync([.. Enumerable.Range(0, 60).Reverse().Select(number => Doc($"id-{number:000}", 1, 2))], cancellationToken);
        var matches = (await store.SearchAsync([Doc("q", 2, 1)], new VectorSearch { Limit = 25 }, cancellationToken))[0];
        Expect.EqualLists(Enumerable.Range(0, 25).Select(number => $"id-{number:000}"), matches.Select(match => match.Id));
    }

    public static async Task OffsetsAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await store.UpsertAsync(Make(205), cancellationToken);
        var query = Make(1, seed: 4)[0];
        var whole = (await store.SearchAsync([query], new VectorSearch { Limit = 1000 }, cancellationToken))[0];
        var paged = new List<string>();
        for (var offset = 0; offset < 240; offset += 20)
        {
            var page = (await store.SearchAsync([query], new VectorSearch { Limit = 20, Offset = offset }, cancellationToken))[0];
            paged.AddRange(page.Select(match => match.Id));
        }

        Expect.Equal(205, whole.Count);
        Expect.EqualLists(whole.Select(match => match.Id), paged);
    }

    public static async Task ThresholdAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await store.UpsertAsync(Make(200), cancellationToken);
        var metric = (await store.GetStatusAsync(cancellationToken)).Metric;
        var query = Make(1, seed: 5)[0];
        var whole = (await store.SearchAsync([query], new VectorSearch { Limit = 200 }, cancellationToken))[0];
        var (better, worse) = (whole[49].Scores[metric.NameOf()].Value, whole[50].Scores[metric.NameOf()].Value);
        var search = new VectorSearch { Limit = 200, ScoreThreshold = (better + worse) / 2 };
        var cut = (await store.SearchAsync([query], search, cancellationToken))[0];
        Expect.EqualLists(whole.Take(50).Select(match => match.Id), cut.Select(match => match.Id));
    }

    public static async Task ScrollAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var documents = Make(95);
        await store.UpsertAsync(documents, cancellationToken);
        var (seen, cursor, page) = (new List<string>(), (string?)null, 0);
        do
        {
            var found = await store.ScrollAsync(new VectorScroll { Limit = 10, Cursor = cursor }, cancellationToken);
            seen.AddRange(found.Documents.Select(document => document.Id));
            cursor = found.Cursor;
            await store.UpsertAsync([Doc24($"new{page++}"), documents[page]], cancellationToken);
            await store.DeleteAsync([$"new{page - 3}"], cancellationToken);
        }
        while (cursor is not null);

        Expect.Equal(seen.Count, seen.Distinct().Count());
        Expect.EqualLists(documents.Select(document => document.Id), seen.Where(id => id[0] == 'd').Order(StringComparer.Ordinal));
        await Expect.ThrowsAsync(
            FlowErrorCode.InvalidArgument,
            () => store.ScrollAsync(new VectorScroll { Cursor = "no cursor!" }, cancellationToken).AsTask(),
            "a cursor that is none");
    }

    private static Document Doc24(string id) => new(id) { Embedding = NdArray.Wrap(Vector(new Random(id.Length))) };
}
