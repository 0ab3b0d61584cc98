using FlowKit.VectorStores;
using static FlowKit.TestKit.VectorStores.Corpus;

namespace FlowKit.TestKit.VectorStores;

/// <summary>Promises about what is written.</summary>
internal static class WritingCases
{
    public static async Task EmptyAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        Expect.Equal(0, await store.CountAsync(null, cancellationToken));
        Expect.Equal(0, (await store.GetStatusAsync(cancellationToken)).Count);
        Expect.Equal(0, (await store.SearchAsync([Doc("q", 1, 2)], new VectorSearch(), cancellationToken))[0].Count);
        Expect.Equal(0, (await store.ScrollAsync(new VectorScroll(), cancellationToken)).Documents.Count);
        Expect.Equal(true, (await store.GetAsync(["nobody"], FieldSelection.All, cancellationToken))[0] is null);
        Expect.Equal(0, await store.DeleteAsync(["nobody"], cancellationToken));
    }

    public static async Task NearestFirstAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        var documents = Make(300);
        await store.UpsertAsync(documents, cancellationToken);
        var metric = (await store.GetStatusAsync(cancellationToken)).Metric;
        foreach (var query in Make(10, seed: 2))
        {
            query.Adjacency = 3;
            var matches = (await store.SearchAsync([query], new VectorSearch { Limit = 20 }, cancellationToken))[0];
            await ExpectNearestAsync(store, documents, query, 20, matches, "a search");
            foreach (var match in matches)
            {
                Expect.Equal((query.Id, 4u, true), (match.Scores[metric.NameOf()].RefId, match.Adjacency, match.Embedding is null));
            }
        }

        var status = await store.GetStatusAsync(cancellationToken);
        Expect.Equal((300L, Dimension, 0), (status.Count, status.Stamp!.Dimension, status.Damaged.Count));
    }

    public static async Task ReplacesAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await store.UpsertAsync([Doc("a", 1, 0), Doc("b", 0, 1)], cancellationToken);
        var last = Doc("a", 0.9f, 0.1f);
        last.Text = "last";
        await store.UpsertAsync([Doc("a", 0, -1), last], cancellationToken);
        Expect.Equal(2, await store.CountAsync(null, cancellationToken));
        var matches = (await store.SearchAsync([Doc("q", 1, 0)], new VectorSearch(), cancellationToken))[0];
        Expect.EqualLists(["a", "b"], matches.Select(match => match.Id));
        Expect.Equal("last", matches[0].Text);
    }

    public static async Task DeletesAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await store.UpsertAsync([Doc("a", 1, 0), Doc("b", 0, 1), Doc("c", 1, 1)], cancellationToken);
        Expect.Equal(2, await store.DeleteAsync(["a", "c", "a", "nobody"], cancellationToken));
        Expect.EqualLists(["b"], await FindAsync(store, cancellationToken));
        await store.UpsertAsync([Doc("a", 1, 0)], cancellationToken);
        Expect.EqualLists(["a", "b"], await FindAsync(store, cancellationToken));
        Expect.Equal(2, await store.CountAsync(null, cancellationToken));
    }

    public static async Task OddIdsAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        string[] ids = ["plain", "Äpfel/日本語 🍎'; DROP TABLE documents;--", "a\tb\nc\\\"", "%_*?[", new('x', 5_000), "NULL", " "];
        await store.UpsertAsync([.. ids.Select((id, i) => Doc(id, 1, i))], cancellationToken);
        var found = await store.GetAsync(ids, FieldSelection.All, cancellationToken);
        Expect.EqualLists(ids, found.Select(document => document?.Id ?? "(none)"));
        foreach (var id in ids)
        {
            Expect.Equal(1, await store.DeleteAsync([id], cancellationToken), id);
        }

        Expect.Equal(0, await store.CountAsync(null, cancellationToken));
    }

    public static async Task RefusesOtherKindsAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await store.UpsertAsync([Of("m@1", Doc("a", 1, 0))], cancellationToken);
        var others = new[]
        {
            (Of("m@1", Doc("b", 1, 0, 0)), "3"), (Of("m@2", Doc("b", 1, 0)), "'m@2'"), (Doc("b", 1, 0), "unnamed"),
        };
        foreach (var (other, named) in others)
        {
            var write = await Expect.ThrowsAsync(
                FlowErrorCode.FailedPrecondition, () => store.UpsertAsync([other], cancellationToken).AsTask(), "a write of another kind");
            Expect.True(write.Message.Contains(named, StringComparison.Ordinal), $"'{write.Message}' names {named}");
            await Expect.ThrowsAsync(
                FlowErrorCode.FailedPrecondition,
                () => store.SearchAsync([other], new VectorSearch(), cancellationToken).AsTask(),
                "a search of another kind");
        }

        Expect.Equal(1, await store.CountAsync(null, cancellationToken));
        Expect.Equal(new VectorStamp(2, "m@1"), (await store.GetStatusAsync(cancellationToken)).Stamp);
    }

    public static async Task ReadYourWritesAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        await Parallel.ForAsync(0, 8, cancellationToken, async (caller, cancelled) =>
        {
            for (var i = 0; i < 10; i++)
            {
                var id = $"{caller}-{i}";
                var angle = 1 + (caller * 0.1f);
                await store.UpsertAsync([Doc(id, MathF.Cos(angle), MathF.Sin(angle))], cancelled);
                var search = new VectorSearch { Limit = 100 };
                var found = (await store.SearchAsync([Doc("q", MathF.Cos(angle), MathF.Sin(angle))], search, cancelled))[0];
                Expect.True(found.Any(match => match.Id == id), $"the document {id} that was just written is found");
                Expect.Equal(1, await store.DeleteAsync([id], cancelled), id);
                found = (await store.SearchAsync([Doc("q", MathF.Cos(angle), MathF.Sin(angle))], search, cancelled))[0];
                Expect.True(found.All(match => match.Id != id), $"the document {id} that was just deleted is not found");
            }
        });
        Expect.Equal(0, await store.CountAsync(null, cancellationToken));
    }

    public static async Task SnapshotAsync(IVectorStore store, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        await store.UpsertAsync([Doc("a", 1, 0), Doc("b", 0, 1)], cancellationToken);
        if (!store.Capabilities.Snapshots)
        {
            await Expect.ThrowsAsync(
                FlowErrorCode.FailedPrecondition,
                () => store.SnapshotAsync(folder.Path, cancellationToken).AsTask(),
                "a snapshot that is not offered");
            return;
        }

        await store.SnapshotAsync(folder.Path, cancellationToken);
        await store.DeleteAsync(["a"], cancellationToken);
        await store.UpsertAsync([Doc("c", 1, 1)], cancellationToken);
        await store.RestoreAsync(folder.Path, cancellationToken);
        Expect.EqualLists(["a", "b"], await FindAsync(store, cancellationToken));
    }

    private static async Task<IEnumerable<string>> FindAsync(IVectorStore store, CancellationToken cancellationToken) =>
        (await store.SearchAsync([Doc("q", 1, 0)], new VectorSearch(), cancellationToken))[0].Select(match => match.Id);

    private static Document Of(string model, Document document)
    {
        document.Metadata[EmbeddingModel.Key] = model;
        return document;
    }
}
