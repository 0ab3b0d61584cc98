using System.Text.Json.Nodes;
using FlowKit.Conformance;
using FlowKit.Conformance.VectorStores;
using FlowKit.VectorStores;
using FlowKit.VectorStores.VectorData;
using Microsoft.Extensions.VectorData;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>Documents behind a connector of Microsoft.Extensions.VectorData, which here leads to the embedded store: there and back.</summary>
[ConformanceOf(typeof(CollectionVectorStore))]
public sealed class CollectionVectorStoreTests : VectorStoreSuite, IAsyncLifetime
{
    private static readonly Dictionary<string, FieldKind> s_fields = new()
    {
        ["city"] = FieldKind.Text,
        ["tenant"] = FieldKind.Text,
        ["price"] = FieldKind.Number,
        ["number"] = FieldKind.Number,
        ["flag"] = FieldKind.Flag,
    };

    private readonly TestFolder _folder = new();
    private readonly List<SqliteConnector> _connectors = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var connector in _connectors)
        {
            await connector.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public Task So_does_one_of_dot_products_whose_keys_are_guids() =>
        CheckAsync(new(_ => OpenAsync(new CollectionOptions { Name = "a", Metric = VectorMetric.Dot, GuidKeys = true, Fields = s_fields })));

    [Fact]
    public Task So_does_one_of_distances() =>
        CheckAsync(new(_ => OpenAsync(new CollectionOptions { Name = "a", Metric = VectorMetric.L2, Fields = s_fields })));

    [Fact]
    public async Task A_collection_that_is_there_is_opened_with_its_documents_its_model_and_its_order()
    {
        var options = new CollectionOptions { Name = "a", Fields = s_fields };
        var folder = _folder.At("kept");
        await using (var connector = new SqliteConnector(folder))
        await using (var first = await CollectionVectorStore.OpenAsync(connector, options, CancellationToken.None))
        {
            Assert.Null((await first.GetStatusAsync(CancellationToken.None)).Stamp);
            await first.UpsertAsync([Of("m@1", Doc("b", 1, 0)), Of("m@1", Doc("a", 0, 1))], CancellationToken.None);
        }

        await using var again = new SqliteConnector(folder);
        var unknown = await Assert.ThrowsAsync<FlowKitException>(() => CollectionVectorStore.OpenAsync(again, options, CancellationToken.None));
        Assert.Contains("Dimension: there is none, and the collection 'a' is there already", unknown.Message, StringComparison.Ordinal);

        await using var store = await CollectionVectorStore.OpenAsync(again, options with { Dimension = 2 }, CancellationToken.None);
        await store.UpsertAsync([Of("m@1", Doc("c", 1, 1)), Of("m@1", Doc("b", 1, 0.5f))], CancellationToken.None);
        var page = await store.ScrollAsync(new VectorScroll(), CancellationToken.None);
        Assert.Equal(["b", "a", "c"], page.Documents.Select(document => document.Id));
        Assert.Equal(new VectorStamp(2, "m@1"), (await store.GetStatusAsync(CancellationToken.None)).Stamp);
        var other = await Assert.ThrowsAsync<FlowKitException>(() => store.UpsertAsync([Of("m@2", Doc("d", 1, 1))], CancellationToken.None).AsTask());
        Assert.Contains("'m@2'", other.Message, StringComparison.Ordinal);
        Assert.Equal(3, await store.DeleteAsync(["a", "b", "c"], CancellationToken.None));
        await store.UpsertAsync([Of("m@2", Doc("d", 1, 1))], CancellationToken.None);
        Assert.Equal(new VectorStamp(2, "m@2"), (await store.GetStatusAsync(CancellationToken.None)).Stamp);
    }

    [Fact]
    public async Task What_a_collection_cannot_be_asked_is_refused_by_name()
    {
        await using var store = await OpenAsync(new CollectionOptions { Name = "a", Fields = s_fields });
        await store.UpsertAsync([Doc("a", 1, 0)], CancellationToken.None);

        Task SearchAsync(VectorSearch search) => store.SearchAsync([Doc("q", 1, 0)], search, CancellationToken.None).AsTask();
        async Task RefusedAsync(Func<Task> action, FlowErrorCode code, string message)
        {
            var error = await Assert.ThrowsAsync<FlowKitException>(action);
            Assert.Equal(code, error.Error.Code);
            Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        }

        var year = DocumentCondition.ParseFilter(JsonNode.Parse("""{"year": {"$gt": 2000}}""")!);
        await RefusedAsync(
            () => SearchAsync(new VectorSearch { Filter = year }),
            FlowErrorCode.InvalidArgument,
            "parameters.filter: tags__year: the collection filters by id, tags__city, tags__tenant, tags__price, tags__number, tags__flag; name it in Fields");
        await RefusedAsync(() => store.CountAsync(year, CancellationToken.None).AsTask(), FlowErrorCode.InvalidArgument, "parameters.filter: tags__year");
        var regex = DocumentCondition.ParseFilter(JsonNode.Parse("""{"city": {"$regex": "^O"}}""")!);
        await RefusedAsync(() => SearchAsync(new VectorSearch { Filter = regex }), FlowErrorCode.InvalidArgument, "parameters.filter: tags__city.$regex: collections have no such operator");
        await RefusedAsync(() => SearchAsync(new VectorSearch { Exact = true }), FlowErrorCode.InvalidArgument, "parameters.exact: ");
        await RefusedAsync(() => SearchAsync(new VectorSearch { Effort = 9 }), FlowErrorCode.InvalidArgument, "parameters.ef: ");
        await RefusedAsync(() => store.RestoreAsync(_folder.Path, CancellationToken.None).AsTask(), FlowErrorCode.FailedPrecondition, "The collection 'a' has no snapshots");
        var mistyped = Doc("b", 1, 0);
        mistyped.Tags["price"] = "cheap";
        await RefusedAsync(() => store.UpsertAsync([mistyped], CancellationToken.None).AsTask(), FlowErrorCode.FailedPrecondition, "tags__price: of document 'b' it is String");
        Assert.Equal(
            (false, false, false, false),
            (store.Capabilities.AllFilters, store.Capabilities.Transactions, store.Capabilities.Counts, store.Capabilities.Snapshots));
    }

    [Theory]
    [InlineData("city-x", "'city-x': expected the name of a tag")]
    [InlineData("a__b", "'a__b': expected the name of a tag", "a_b")]
    public async Task Fields_that_cannot_be_properties_are_refused(string name, string expected, string? other = null)
    {
        var fields = new[] { name, other }.OfType<string>().ToDictionary(field => field, _ => FieldKind.Text);
        var error = await Assert.ThrowsAsync<FlowKitException>(() => OpenAsync(new CollectionOptions { Name = "a", Fields = fields }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_measure_that_is_another_is_refused_and_one_of_another_name_is_read()
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(() => OpenAsync(new CollectionOptions { Name = "a", DistanceFunction = DistanceFunction.ManhattanDistance }));
        Assert.Equal("DistanceFunction: 'ManhattanDistance' is no cosine; expected CosineSimilarity or CosineDistance.", error.Message);
        foreach (var (metric, function, expected) in new[]
        {
            (VectorMetric.Cosine, DistanceFunction.CosineDistance, new[] { 1f, 0.6f, 0 }),
            (VectorMetric.Dot, DistanceFunction.NegativeDotProductSimilarity, [2f, 1.2f, 0]),
            (VectorMetric.L2, DistanceFunction.EuclideanSquaredDistance, [1f, (float)Math.Sqrt(2.6), (float)Math.Sqrt(5)]),
        })
        {
            await using var store = await OpenAsync(new CollectionOptions { Name = "a", Metric = metric, DistanceFunction = function });
            await store.UpsertAsync([Doc("far", 0, 1), Doc("near", 1, 0), Doc("middle", 0.6f, 0.8f)], CancellationToken.None);
            var found = (await store.SearchAsync([Doc("q", 2, 0)], new VectorSearch(), CancellationToken.None))[0];
            Assert.Equal(["near", "middle", "far"], found.Select(match => match.Id));
            Assert.All(found.Zip(expected), pair => Assert.Equal(pair.Second, pair.First.Scores[metric.NameOf()].Value, 1e-5f));
        }

        await using var unscored = await OpenAsync(new CollectionOptions { Name = "a" });
        await unscored.UpsertAsync([Doc("a", 1, 0)], CancellationToken.None);
        _connectors[^1].IsSilent = true;
        var silent = await Assert.ThrowsAsync<FlowKitException>(() => unscored.SearchAsync([Doc("q", 1, 0)], new VectorSearch(), CancellationToken.None).AsTask());
        Assert.Equal("The collection gives matches without scores.", silent.Message);
    }

    [Fact]
    public async Task What_a_connector_fails_with_is_an_error_that_names_the_collection()
    {
        await using var store = await OpenAsync(new CollectionOptions { Name = "photos" });
        await store.UpsertAsync([Doc("a", 1, 0)], CancellationToken.None);
        var connector = _connectors[^1];
        foreach (var (failure, code) in new (Exception, FlowErrorCode)[]
        {
            (new VectorStoreException("Call to vector store failed.", new IOException("reset by peer")), FlowErrorCode.Unavailable),
            (new NotSupportedException("no such operator"), FlowErrorCode.FailedPrecondition),
        })
        {
            connector.Failure = failure;
            var write = await Assert.ThrowsAsync<FlowKitException>(() => store.UpsertAsync([Doc("b", 1, 0)], CancellationToken.None).AsTask());
            var read = await Assert.ThrowsAsync<FlowKitException>(
                () => store.SearchAsync([Doc("q", 1, 0)], new VectorSearch(), CancellationToken.None).AsTask());
            Assert.Equal((code, code), (write.Error.Code, read.Error.Code));
            Assert.Contains("'photos'", write.Message, StringComparison.Ordinal);
            Assert.Contains(failure.InnerException?.Message ?? failure.Message, write.Message, StringComparison.Ordinal);
        }

        connector.Failure = null;
        Assert.Equal(1, await store.CountAsync(null, CancellationToken.None));
    }

    [Fact]
    public async Task Of_equal_matches_as_many_are_asked_for_as_make_one_order()
    {
        await using var store = await OpenAsync(new CollectionOptions { Name = "a" });
        await store.UpsertAsync([.. Enumerable.Range(0, 40).Select(i => Doc($"d{i:00}", 1, i < 30 ? 2 : i))], CancellationToken.None);
        var search = new VectorSearch { Limit = 5, Offset = 3 };
        var found = (await store.SearchAsync([Doc("q", 1, 2)], search, CancellationToken.None))[0];
        Assert.Equal(["d03", "d04", "d05", "d06", "d07"], found.Select(match => match.Id));
        Assert.Equal([9, 18, 36], _connectors[^1].Tops);
    }

    protected override Task<IVectorStore> OpenAsync(CancellationToken cancellationToken) =>
        OpenAsync(new CollectionOptions { Name = "a", Fields = s_fields });

    private async Task<IVectorStore> OpenAsync(CollectionOptions options)
    {
        var folder = Directory.CreateDirectory(_folder.At(Guid.NewGuid().ToString("N"))).FullName;
        _connectors.Add(new SqliteConnector(folder, options.Metric));
        return await CollectionVectorStore.OpenAsync(_connectors[^1], options, CancellationToken.None);
    }
}
