using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>The metric of recall against the recall that is computed here.</summary>
public sealed class RecallSampleTests : IDisposable
{
    private const int Dimension = 32;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_search_in_a_graph_is_repeated_exactly_and_its_recall_is_told()
    {
        var name = $"indexer-{Guid.NewGuid():N}";
        using var heard = new Heard(name);
        await using var index = await OpenAsync(name, new VectorIndexerOptions { Index = VectorIndexKind.Hnsw, M = 2, EfConstruction = 4, EfSearch = 10, RecallSample = 1 });
        var random = new Random(5);
        index.Indexer.Index(new DocumentArray(Enumerable.Range(0, 4_000).Select(i => Doc($"d{i}", random))));
        var query = Doc("q", random);
        var (found, exact) = (Find(index, query, exact: false), Find(index, query, exact: true));
        Assert.Equal(found.Intersect(exact).Count() / 10.0, await heard.NextAsync(), 1e-9);

        // A repetition that was just made is not followed by another at once, and an exact search is none to measure.
        Assert.InRange(found.Intersect(exact).Count(), 0, 9);
        Find(index, query, exact: true);
        Assert.Empty(heard.Values);
    }

    [Fact]
    public async Task Nothing_is_repeated_where_every_search_is_exact_or_no_share_is_asked_for()
    {
        var (exact, off) = ($"exact-{Guid.NewGuid():N}", $"off-{Guid.NewGuid():N}");
        using var heardExact = new Heard(exact);
        using var heardOff = new Heard(off);
        foreach (var (name, options) in new[] { (exact, new VectorIndexerOptions { RecallSample = 1 }), (off, new VectorIndexerOptions { Index = VectorIndexKind.Hnsw }) })
        {
            await using var index = await OpenAsync(name, options);
            var random = new Random(6);
            index.Indexer.Index(new DocumentArray(Enumerable.Range(0, 2_500).Select(i => Doc($"d{i}", random))));
            Find(index, Doc("q", random), exact: false);
        }

        Assert.Empty(heardExact.Values);
        Assert.Empty(heardOff.Values);
    }

    [Fact]
    public async Task Rows_in_8_bits_are_measured_too_and_an_index_closes_while_one_is_repeated()
    {
        var name = $"int8-{Guid.NewGuid():N}";
        using var heard = new Heard(name);
        await using (var index = await OpenAsync(name, new VectorIndexerOptions { Precision = VectorPrecision.Int8, RecallSample = 1 }))
        {
            var random = new Random(7);
            index.Indexer.Index(new DocumentArray(Enumerable.Range(0, 2_500).Select(i => Doc($"d{i}", random))));
            Find(index, Doc("q", random), exact: false);
        }

        Assert.All(heard.Values, value => Assert.InRange(value, 0.9, 1));
    }

    private static List<string> Find(Opened index, Document query, bool exact)
    {
        var asked = Doc("q", new Random(1));
        asked.Embedding = query.Embedding;
        index.Indexer.Search([asked], new SearchParameters { Exact = exact }, CancellationToken.None);
        return [.. asked.Matches.Select(match => match.Id)];
    }

    private static Document Doc(string id, Random random) =>
        new(id) { Embedding = NdArray.Wrap(Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f).ToArray()) };

    private async Task<Opened> OpenAsync(string name, VectorIndexerOptions options)
    {
        var folder = Directory.CreateDirectory(_folder.At(name)).FullName;
        var indexer = (VectorIndexer)Executor.Construct(new ExecutorContext { Name = name, Workspace = folder }, () => new VectorIndexer(options));
        await indexer.LoadAsync(CancellationToken.None);
        return new Opened(indexer);
    }

    private sealed class Opened(VectorIndexer indexer) : IAsyncDisposable
    {
        public BlockingIndexer Indexer { get; } = new(indexer);

        public ValueTask DisposeAsync() => indexer.DisposeAsync();
    }

    /// <summary>What the metric tells of one executor.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly SemaphoreSlim _some = new(0);

        public Heard(string executor)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Name: "flowkit.index.recall", Meter.Name: "FlowKit" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
            {
                if (tags.Contains(new KeyValuePair<string, object?>("executor", executor)))
                {
                    Values.Enqueue(value);
                    _some.Release();
                }
            });
            _listener.Start();
        }

        public ConcurrentQueue<double> Values { get; } = [];

        public async Task<double> NextAsync()
        {
            Assert.True(await _some.WaitAsync(TimeSpan.FromSeconds(60)));
            return Values.TryDequeue(out var value) ? value : double.NaN;
        }

        public void Dispose()
        {
            _listener.Dispose();
            _some.Dispose();
        }
    }
}
