using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Runtime.Executors;

public sealed class ReturnTypeTests
{
    private const string Yaml = "jtype: Flow\nexecutors:\n  - {name: a, uses: Returning}\n";

    private static Task<TestFlow> StartAsync() => TestFlow.StartAsync(Yaml, typeof(Returning));

    [Theory]
    [InlineData("/void")]
    [InlineData("/task")]
    [InlineData("/valuetask")]
    public async Task A_method_that_returns_nothing_works_in_place(string endpoint)
    {
        await using var flow = await StartAsync();

        var reply = await flow.PostAsync(endpoint, new Document("1"));

        Assert.Equal("seen", Assert.Single(reply.Documents).Text);
        Assert.Null(reply.Results);
    }

    [Theory]
    [InlineData("/documents")]
    [InlineData("/task-documents")]
    [InlineData("/valuetask-documents")]
    [InlineData("/list")]
    public async Task A_returned_list_replaces_the_documents(string endpoint)
    {
        await using var flow = await StartAsync();

        Assert.Equal("new", Assert.Single((await flow.PostAsync(endpoint, new Document("1"))).Documents).Id);
    }

    [Theory]
    [InlineData("/null-documents")]
    [InlineData("/null-object")]
    public async Task A_returned_null_keeps_the_documents(string endpoint)
    {
        await using var flow = await StartAsync();

        var reply = await flow.PostAsync(endpoint, new Document("1"));

        Assert.Equal("1", Assert.Single(reply.Documents).Id);
        Assert.Null(reply.Results);
    }

    [Theory]
    [InlineData("/dictionary", """{"num_docs":3}""")]
    [InlineData("/object", """{"num_docs":3}""")]
    [InlineData("/task-json", """{"num_docs":3}""")]
    [InlineData("/number", "3")]
    public async Task Any_other_object_is_reported_under_the_executors_name(string endpoint, string expected)
    {
        await using var flow = await StartAsync();

        for (var i = 0; i < 2; i++)
        {
            var reply = await flow.PostAsync(endpoint, new Document("1"));

            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), reply.Results!["a/rep-0"]), reply.Results.ToJsonString());
            Assert.Equal("1", Assert.Single(reply.Documents).Id);
        }
    }

    [Fact]
    public async Task A_result_that_is_no_JSON_fails_the_request()
    {
        await using var flow = await StartAsync();

        Assert.Equal("a", (await flow.PostAsync("/nan")).Error!.Executor);
    }

    [Fact]
    public async Task Parameters_are_bound_to_a_class_and_a_wrong_one_is_named()
    {
        await using var flow = await StartAsync();
        var call = new FlowRequest("/typed", [new Document("1")]);

        var good = await flow.Runtime.SendAsync(call with { Parameters = new Parameters(new JsonObject { ["top_k"] = 7 }) }, default);
        var bad = await flow.Runtime.SendAsync(call with { Parameters = new Parameters(new JsonObject { ["top_k"] = "many" }) }, default);

        Assert.Equal("7", good.Documents[0].Text);
        Assert.Equal(FlowErrorCode.InvalidArgument, bad.Error!.Code);
        Assert.Contains("top_k", bad.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_without_endpoint_answers_what_no_other_does()
    {
        await using var flow = await StartAsync();

        Assert.Equal("default", (await flow.PostAsync("/anything", new Document("1"))).Documents[0].Text);
        Assert.True(flow.Runtime.Answers("/anything"));
        Assert.Contains("/default", flow.Runtime.Endpoints.Keys);
    }

    [Executor("Returning")]
    public sealed class Returning : Executor
    {
        private readonly JsonObject _kept = new() { ["num_docs"] = 3 };

        [Requests]
        public void Default(DocumentArray documents) => documents[0].Text = "default";

        [Requests("/void")]
        public void Void(DocumentArray documents) => documents[0].Text = "seen";

        [Requests("/task")]
        public async Task PlainTask(DocumentArray documents, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            Void(documents);
        }

        [Requests("/valuetask")]
        public async ValueTask PlainValueTask(DocumentArray documents)
        {
            await Task.Yield();
            Void(documents);
        }

        [Requests("/documents")]
        public DocumentArray Documents() => [new Document("new")];

        [Requests("/task-documents")]
        public async Task<DocumentArray> TaskDocuments()
        {
            await Task.Yield();
            return Documents();
        }

        [Requests("/valuetask-documents")]
        public ValueTask<DocumentArray> ValueTaskDocuments() => new(Documents());

        [Requests("/list")]
        public IEnumerable<Document> List() => Documents().Where(_ => true);

        [Requests("/null-documents")]
        public DocumentArray? NullDocuments() => null;

        [Requests("/null-object")]
        public Task<object?> NullObject() => Task.FromResult<object?>(null);

        [Requests("/dictionary")]
        public Dictionary<string, int> Dictionary() => new() { ["num_docs"] = 3 };

        [Requests("/object")]
        public object Object() => new { NumDocs = 3 };

        [Requests("/task-json")]
        public Task<JsonObject> TaskJson() => Task.FromResult(_kept);

        [Requests("/number")]
        public int Number() => 3;

        [Requests("/nan")]
        public object NotANumber() => new { Score = double.NaN };

        [Requests("/typed")]
        public void Typed(DocumentArray documents, Options options) => documents[0].Text = $"{options.TopK}";
    }

    public sealed class Options
    {
        public int TopK { get; set; }
    }
}
