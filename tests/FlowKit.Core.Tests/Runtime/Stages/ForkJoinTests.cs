using FlowKit.TestKit;

namespace FlowKit.Runtime.Stages;

public sealed class ForkJoinTests
{
    private static readonly string s_diamond = FlowText.Graph(("left", "gateway"), ("right", "gateway"), ("end", "left, right"));

    [Fact]
    public async Task The_left_branch_wins_and_the_right_one_fills_what_is_empty()
    {
        var script = new FlowScript()
            .Edit("left", documents => documents[0].Text = "left")
            .Edit("right", documents =>
            {
                documents[0].Text = "right";
                documents[0].Embedding = NdArray.Wrap(new[] { 1f }, 1);
                documents[0].Tags["by"] = "right";
            });
        await using var flow = await TestFlow.StartAsync(s_diamond, script);

        var document = Assert.Single((await flow.PostAsync("/x", new Document("1"))).Documents);

        Assert.Equal("left", document.Text);
        Assert.NotNull(document.Embedding);
        Assert.Equal("right", document.Tags["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task Branches_do_not_see_each_others_changes()
    {
        using var gate = new ManualGate();
        string? seen = null;
        var script = new FlowScript()
            .On("left", async call =>
            {
                call.Documents[0].Text = "left";
                call.Documents[0].Tags["mark"] = "left";
                call.Documents[0].Chunks.Add(new Document("chunk"));
                return await gate.PassAsync(call.Token);
            })
            .On("right", async call =>
            {
                await gate.ArrivedAsync();
                seen = $"{call.Documents[0].Text} {call.Documents[0].Tags.Count} {call.Documents[0].Chunks.Count}";
                gate.Open();
                return null;
            });
        await using var flow = await TestFlow.StartAsync(s_diamond, script);

        await flow.PostAsync("/x", new Document("1") { Text = "original" });

        Assert.Equal("original 0 0", seen);
    }

    [Fact]
    public async Task The_order_of_needs_decides_not_the_order_of_arrival()
    {
        using var gate = new ManualGate();
        var script = new FlowScript()
            .On("left", async call =>
            {
                await gate.PassAsync(call.Token);
                call.Documents[0].Text = "left";
                return null;
            })
            .Edit("right", documents =>
            {
                documents[0].Text = "right";
                gate.Open();
            });
        await using var flow = await TestFlow.StartAsync(s_diamond, script);

        Assert.Equal("left", (await flow.PostAsync("/x", new Document("1"))).Documents[0].Text);
    }

    [Fact]
    public async Task Documents_that_only_one_branch_brings_are_united_by_id()
    {
        var script = new FlowScript()
            .On("left", call => new(new DocumentArray([new Document("a"), new Document("b")])))
            .On("right", call => new(new DocumentArray([new Document("b"), new Document("c")])));
        await using var flow = await TestFlow.StartAsync(s_diamond, script);

        Assert.Equal(["a", "b", "c"], (await flow.PostAsync("/x", new Document("1"))).Documents.Select(document => document.Id));
    }

    [Fact]
    public async Task Several_branches_are_joined_in_the_reply_by_an_entry_that_needs_them()
    {
        var script = new FlowScript()
            .Edit("a", documents => documents[0].Tags["a"] = 1)
            .Edit("b", documents => documents[0].Embedding = NdArray.Wrap(new[] { 1f }, 1))
            .Edit("c", documents => documents[0].Uri = "c");
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a", "gateway"), ("b", "gateway"), ("c", "gateway"), ("all", "a, b, c")), script);

        var reply = await flow.PostAsync("/x", new Document("1"));

        var document = Assert.Single(reply.Documents);
        Assert.True(document is { HasTags: true, Embedding: not null, Uri: "c" });
        Assert.Equal(5, reply.Routes.Count);
    }

    [Fact]
    public async Task The_gateways_own_documents_can_be_joined_with_a_branch()
    {
        var script = new FlowScript().Edit("a", documents => documents[0].Tags["a"] = 1);
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a", "gateway"), ("end", "gateway, a")), script);

        var reply = await flow.PostAsync("/x", new Document("1") { Text = "kept" });

        Assert.True(Assert.Single(reply.Documents) is { HasTags: true, Text: "kept" });
    }

    [Fact]
    public async Task A_branch_that_throws_fails_the_request_at_once_and_cancels_the_other_branch()
    {
        using var gate = new ManualGate();
        var script = new FlowScript()
            .On("left", call => gate.PassAsync(call.Token))
            .On("right", async call =>
            {
                await gate.ArrivedAsync();
                throw new InvalidOperationException("no");
            });
        await using var flow = await TestFlow.StartAsync(s_diamond, script);

        var reply = await flow.PostAsync("/x", new Document("1"));

        Assert.Equal("right", reply.Error!.Executor);
        await TestTimeout.UntilAsync(() => gate.Waiting == 0, "the other branch to be cancelled");
        Assert.Equal(0, script.CallsOf("end"));
        Assert.Null((await flow.PostAsync("_jina_dry_run_")).Error);
    }

    [Fact]
    public async Task A_failure_while_joining_fails_the_request_and_not_the_flow()
    {
        var script = new FlowScript().On("right", call => new((object?)(call.Documents[0].Text == "bad" ? new List<Document> { null! } : null)));
        await using var flow = await TestFlow.StartAsync(s_diamond, script);

        var failed = await flow.PostAsync("/x", new Document("1") { Text = "bad" });
        var after = await flow.PostAsync("/x", new Document("2"));

        Assert.Equal(FlowErrorCode.Internal, failed.Error!.Code);
        Assert.Null(after.Error);
    }

    [Fact]
    public async Task Many_requests_through_nested_forks_all_come_back_whole()
    {
        var yaml = FlowText.Graph(("a", "gateway"), ("b, replicas: 2", "a"), ("c", "a"), ("d, replicas: 3", "a"), ("e", "b, c"), ("f", "d, e"), ("g", "c"), ("h", "f, g"));
        await using var flow = await TestFlow.StartAsync(yaml, new FlowScript().On("b", async _ =>
        {
            await Task.Yield();
            return null;
        }));

        var replies = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => flow.SendAsync($"{i}"))).WithTimeout();

        for (var i = 0; i < replies.Length; i++)
        {
            Assert.Null(replies[i].Error);
            Assert.Equal($"{i}", Assert.Single(replies[i].Documents).Id);
            Assert.Equal(9, replies[i].Routes.Count);
        }
    }
}
