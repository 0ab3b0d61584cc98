using System.Text.Json.Nodes;
using FlowKit.Runtime;
using FlowKit.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.VectorData;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

/// <summary>A connector that is a service of the program, behind the endpoints of an indexer.</summary>
public sealed class ConnectorFlowTests
{
    [Fact]
    public async Task An_executor_over_a_connector_has_every_endpoint()
    {
        using var folder = new TestFolder();
        await using var connector = new SqliteConnector(folder.Path);
        await using var services = new ServiceCollection().AddSingleton<VectorStore>(connector).BuildServiceProvider();
        await using var flow = await TestKit.TestFlow.StartAsync(
            "jtype: Flow\nexecutors:\n- { name: indexer, uses: ConnectorIndexer, uses_with: { collection: photos } }",
            new TestFlowOptions { Executors = [typeof(ConnectorIndexer)], Services = services });
        async Task<FlowResponse> PostAsync(string endpoint, DocumentArray documents, string parameters = "{}")
        {
            var request = new FlowRequest(endpoint, documents) { Parameters = new Parameters(JsonNode.Parse(parameters)!.AsObject()) };
            return await flow.Runtime.SendAsync(request, CancellationToken.None);
        }

        var written = await PostAsync("/index", [.. Enumerable.Range(0, 30).Select(i =>
        {
            var document = Doc($"d{i:00}", 1, i / 10f);
            (document.Tags["city"], document.Tags["price"]) = (i % 2 == 0 ? "Oslo" : "Bergen", i);
            return document;
        })]);
        Assert.All(written.Documents, document => Assert.Null(document.Error));
        var found = await PostAsync("/search", [Doc("q", 1, 0)], """{"limit": 2, "offset": 1, "filter": {"city": {"$eq": "Oslo"}, "price": {"$gte": 4}}}""");
        Assert.Equal(["d06", "d08"], found.Documents[0].Matches.Select(match => match.Id));
        Assert.Equal("text of d06", found.Documents[0].Matches[0].Text);
        var refused = await PostAsync("/search", [Doc("q", 1, 0)], """{"filter": {"year": {"$eq": 2026}}}""");
        Assert.StartsWith("parameters.filter: tags__year: the collection filters by id, tags__city, tags__price", refused.Error!.Message, StringComparison.Ordinal);
        var change = new Document("d01");
        change.Tags["price"] = 400;
        Assert.Null((await PostAsync("/update", [change])).Documents[0].Error);
        Assert.Equal(["d01"], (await PostAsync("/get", [], """{"filter": {"price": {"$gt": 100}}}""")).Documents.Select(document => document.Id));
        var duplicates = await PostAsync("/duplicates", [], """{"score_threshold": 0.9999}""");
        Assert.Equal(("d25", "d26"), (duplicates.Documents.First(document => document.Id == "d25").Id, duplicates.Documents.First(document => document.Id == "d25").Matches[0].Id));
        Assert.Equal(15, ResultOf(await PostAsync("/delete", [], """{"filter": {"city": {"$eq": "Oslo"}}}"""), "deleted"));
        Assert.Equal(15, ResultOf(await PostAsync("/count", []), "count"));
    }

    private static int ResultOf(FlowResponse reply, string name) => (int)reply.Results!.Single().Value![name]!;
}
