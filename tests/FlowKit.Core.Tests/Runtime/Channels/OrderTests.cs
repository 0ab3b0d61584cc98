using FlowKit.TestKit;

namespace FlowKit.Runtime.Channels;

public sealed class OrderTests
{
    private static void Append(ScriptedCall call)
    {
        foreach (var document in call.Documents)
        {
            document.Text += call.Executor;
        }
    }

    private static FlowScript Appending(params string[] names)
    {
        var script = new FlowScript();
        foreach (var name in names)
        {
            script.On(name, call =>
            {
                Append(call);
                return default;
            });
        }

        return script;
    }

    [Fact]
    public async Task Executors_of_a_chain_run_in_the_order_of_needs_whatever_the_order_in_the_file()
    {
        const string Yaml = """
            jtype: Flow
            executors:
              - {name: c, uses: Scripted, needs: [b]}
              - {name: a, uses: Scripted, needs: [gateway]}
              - {name: b, uses: Scripted, needs: [a]}
            """;
        await using var flow = await TestFlow.StartAsync(Yaml, Appending("a", "b", "c"));

        var reply = await flow.PostAsync("/x", new Document("1") { Text = "" }, new Document("2") { Text = "-" });

        Assert.Null(reply.Error);
        Assert.Equal(["abc", "-abc"], reply.Documents.Select(document => document.Text));
        Assert.Equal(["gateway", "a", "b", "c"], reply.Routes.Select(route => route.Executor));
        Assert.All(reply.Routes, route => Assert.True(route.End >= route.Start));
    }

    [Fact]
    public async Task An_executor_without_uses_passes_documents_on()
    {
        await using var flow = await TestFlow.StartAsync("jtype: Flow\nexecutors:\n  - {name: join}\n");

        var reply = await flow.PostAsync("/x", new Document("1"));

        Assert.Null(reply.Error);
        Assert.Equal("1", Assert.Single(reply.Documents).Id);
        Assert.False(flow.Runtime.Answers("/x"));
    }

    [Fact]
    public async Task Requests_of_one_caller_after_another_keep_their_order_through_single_replicas()
    {
        var script = Appending("a", "b");
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"), script);

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => flow.SendAsync($"{i}"))).WithTimeout();

        Assert.All(replies, reply => Assert.Null(reply.Error));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), script.Calls.Where(call => call.Executor == "b").Select(call => call.Documents[0].Id));
    }

    [Fact]
    public async Task The_dry_run_reaches_the_end_without_calling_an_executor()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a", "b"));

        var reply = await flow.PostAsync("_jina_dry_run_", new Document());

        Assert.Null(reply.Error);
        Assert.Equal(3, reply.Routes.Count);
        Assert.Empty(flow.Script.Calls);
    }

    [Fact]
    public async Task A_request_without_documents_is_answered_with_none()
    {
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"));

        var reply = await flow.PostAsync("/x");

        Assert.Null(reply.Error);
        Assert.Empty(reply.Documents);
        Assert.Equal(1, flow.Script.CallsOf("a"));
    }

    [Fact]
    public async Task Documents_sent_with_one_id_stay_two()
    {
        var script = Appending("a");
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a", "gateway"), ("b", "gateway"), ("c", "a, b")), script);

        var reply = await flow.PostAsync("/x", new Document("1") { Text = "x" }, new Document("1") { Text = "y" });

        Assert.Equal(["xa", "ya"], reply.Documents.Select(document => document.Text));
    }
}
