using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Executors.Graph;
using FlowKit.VectorStores;
using Xunit.Abstractions;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>
/// Eight writers and sixteen readers of one index: each writer reads what it has written, each reader finds what nobody touches, and
/// everything acknowledged is there in the end. Four seconds; FLOWKIT_LOAD_SECONDS says how long for a longer run.
/// </summary>
public sealed class LoadTests(ITestOutputHelper output) : IDisposable
{
    private const int Writers = 8;
    private const int Readers = 16;
    private const int Quiet = 3000;
    private const int Dimension = 32;

    private readonly TestFolder _folder = new();
    private readonly ConcurrentDictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _times = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writers_read_their_writes_readers_find_what_is_there_and_all_of_it_is_there_in_the_end(bool graph)
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("FLOWKIT_LOAD_SECONDS") ?? "4", CultureInfo.InvariantCulture);
        var options = new StoreOptions(TextFields: "text", MemmapThreshold: 2000, Graph: graph ? new GraphOptions(8, 60, 48) : null);
        await using (var store = SqliteVectorStore.Acquire(_folder.Path, options))
        {
            await store.UpsertAsync([.. Enumerable.Range(0, Quiet).Select(i => Make($"quiet{i}", 0))], default);
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
            await Task.WhenAll(
                [.. Enumerable.Range(0, Writers).Select(i => OnItsOwnThread(() => WriteAsync(store, i, stop.Token))),
                 .. Enumerable.Range(0, Readers).Select(i => OnItsOwnThread(() => ReadAsync(store, i, !graph, stop.Token)))]);
        }

        foreach (var (what, times) in _times.OrderBy(pair => pair.Key))
        {
            var sorted = times.Order().ToList();
            Assert.NotEmpty(sorted);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {sorted.Count}, median {sorted[sorted.Count / 2]:F2} ms, p99 {sorted[(int)(sorted.Count * 0.99)]:F2} ms, longest {sorted[^1]:F1} ms"));
        }

        await using var again = SqliteVectorStore.Acquire(_folder.Path, options);
        var status = await again.GetStatusAsync(default);
        Assert.Equal((Quiet + _versions.Count, 0, 0), ((int)status.Count, status.Damaged.Count, (int)status.Lost));
        var ids = _versions.Keys.ToList();
        var found = await again.GetAsync(ids, FieldSelection.WithEmbedding, default);
        foreach (var (id, document) in ids.Zip(found))
        {
            Assert.Equal(Make(id, _versions[id]).Text, document!.Text);
            Assert.Equal(Make(id, _versions[id]).Embedding!.ToFloats(), document.Embedding!.ToFloats());
        }
    }

    private async Task WriteAsync(SqliteVectorStore store, int writer, CancellationToken stop)
    {
        var random = new Random(writer);
        for (var version = 1; !stop.IsCancellationRequested; version++)
        {
            List<Document> documents = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => random.Next(40)).Distinct().Select(i => Make($"w{writer}x{i}", version))];
            await TimeAsync("write", () => store.UpsertAsync(documents, default).AsTask());
            documents.ForEach(document => _versions[document.Id] = version);
            var match = (await store.SearchAsync([documents[0]], new VectorSearch { Limit = 1, Exact = true }, default))[0].Single();
            Assert.Equal((documents[0].Id, documents[0].Text), (match.Id, match.Text));
            var word = documents[^1].Text!.Split(' ')[^1];
            Assert.Equal(documents[^1].Id, (await store.SearchWordsAsync([new Document { Text = word }], new VectorSearch(), default))[0].Single().Id);
            if (random.Next(3) == 0)
            {
                Assert.Equal(1, await store.DeleteAsync([documents[0].Id], default));
                _versions.TryRemove(documents[0].Id, out _);
                Assert.Null((await store.GetAsync([documents[0].Id], FieldSelection.All, default))[0]);
                Assert.DoesNotContain((await store.SearchAsync([documents[0]], new VectorSearch { Exact = true }, default))[0], other => other.Id == documents[0].Id);
            }
        }
    }

    private async Task ReadAsync(SqliteVectorStore store, int reader, bool isExact, CancellationToken stop)
    {
        var random = new Random(100 + reader);
        var filter = DocumentCondition.ParseFilter(JsonNode.Parse("""{"kind": {"$eq": "quiet"}}""")!);
        while (!stop.IsCancellationRequested)
        {
            var quiet = Make($"quiet{random.Next(Quiet)}", 0);
            var search = new VectorSearch { Limit = reader == 0 ? 2000 : 10, Filter = random.Next(2) == 0 ? filter : null };
            var found = await TimeAsync(reader == 0 ? "search of 2000" : "search", async () => (await store.SearchAsync([quiet], search, default))[0]);
            Assert.Equal(search.Limit, found.Count);
            Assert.Equal(search.Limit, found.Select(match => match.Id).Distinct().Count());
            if (isExact)
            {
                Assert.Equal((quiet.Id, quiet.Text), (found[0].Id, found[0].Text));
            }

            var byWords = await TimeAsync("words", async () => (await store.SearchWordsAsync([new Document { Text = quiet.Text!.Split(' ')[^1] }], search, default))[0]);
            Assert.Equal(quiet.Id, byWords.Single().Id);
            Assert.Equal(Quiet, await store.CountAsync(filter, default));
        }
    }

    private static Document Make(string id, int version)
    {
        var seed = id.Aggregate(version, (hash, letter) => unchecked((hash * 31) + letter));
        var random = new Random(seed);
        var document = new Document(id) { Text = $"kept word{id}v{version}", Embedding = NdArray.Wrap(Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f).ToArray()) };
        document.Tags["kind"] = version == 0 ? "quiet" : "busy";
        return document;
    }

    private static Task OnItsOwnThread(Func<Task> loop) =>
        Task.Factory.StartNew(() => loop().GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task TimeAsync(string what, Func<Task> action) => await TimeAsync(what, async () =>
    {
        await action();
        return 0;
    });

    private async Task<T> TimeAsync<T>(string what, Func<Task<T>> action)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await action();
        _times.GetOrAdd(what, _ => []).Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return result;
    }
}
