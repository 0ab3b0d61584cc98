using FlowKit.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Runtime.Stages;

public sealed class TopologyTests
{
    [Executor("Matrix")]
    public sealed class Matrix : Executor
    {
        [Requests]
        public DocumentArray Run(IReadOnlyList<DocumentArray> matrix, IReadOnlyDictionary<string, DocumentArray> map) =>
            [new Document("seen") { Text = string.Join(' ', map.Select(pair => $"{pair.Key}={pair.Value[0].Text}")) + $" {matrix.Count}" }];
    }

    public sealed class FailsOnePart : Executor
    {
        [Requests]
        public void Run(IReadOnlyList<DocumentArray> matrix) => matrix[0][0].Fail(FlowErrorCode.InvalidArgument, "bad");
    }

    private static FlowScript Signing(params string[] names)
    {
        var script = new FlowScript();
        foreach (var name in names)
        {
            script.Edit(name, documents =>
            {
                foreach (var document in documents)
                {
                    document.Text += name;
                }
            });
        }

        return script;
    }

    [Fact]
    public async Task Without_reduction_a_joiner_gets_the_parts_by_where_they_come_from()
    {
        const string Yaml = """
            jtype: Flow
            executors:
              - {name: a, uses: Scripted, needs: gateway}
              - {name: b, uses: Scripted, needs: gateway}
              - {name: c, uses: Matrix, needs: [b, a], no_reduce: true}
            """;
        await using var flow = await TestFlow.StartAsync(Yaml, new TestFlowOptions { Script = Signing("a", "b"), Executors = [typeof(Matrix)] });

        Assert.Equal("b=b a=a 2", (await flow.PostAsync("/run", new Document())).Documents[0].Text);
    }

    [Fact]
    public async Task A_document_that_fails_as_a_part_of_a_join_is_named_and_kept_from_the_next()
    {
        const string Yaml = """
            jtype: Flow
            executors:
              - {name: a, uses: Scripted, needs: gateway}
              - {name: b, uses: Scripted, needs: gateway}
              - {name: c, uses: FailsOnePart, needs: [a, b], no_reduce: true}
              - {name: d, uses: Scripted, needs: c}
            """;
        await using var flow = await TestFlow.StartAsync(Yaml, new TestFlowOptions { Script = Signing("a", "b", "d"), Executors = [typeof(FailsOnePart)] });

        var documents = (await flow.PostAsync("/run", new Document())).Documents;

        Assert.Equal("c", documents[0].Error?.Executor);
        Assert.Equal(["a", "bd"], documents.Select(document => document.Text));
    }

    [Fact]
    public async Task A_reply_does_not_wait_for_what_floats_and_stopping_does()
    {
        using var gate = new ManualGate();
        var script = Signing("a").On("f", async call =>
        {
            await gate.PassAsync(CancellationToken.None);
            return null;
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a", "gateway"), ("f, floating: true", "a"), ("g, floating: true", "f")), script);

        var reply = await flow.PostAsync("/run", new Document("1"));
        await gate.ArrivedAsync();
        var stopping = flow.Runtime.StopAsync(TimeSpan.FromSeconds(30));
        Assert.False(stopping.IsCompleted);
        gate.Open();
        await stopping.WithTimeout();

        Assert.Equal("a", Assert.Single(reply.Documents).Text);
        Assert.Equal(1, script.CallsOf("g"));
    }

    [Fact]
    public async Task Conditions_send_documents_different_ways_and_the_order_is_restored()
    {
        const string Yaml = """
            jtype: Flow
            executors:
              - {name: start, uses: Scripted}
              - {name: even, uses: Scripted, needs: start, when: {tags__even: {$eq: true}}}
              - {name: odd, uses: Scripted, needs: start, when: {tags__even: {$eq: false}}}
              - {name: end, needs: [odd, even]}
            """;
        await using var flow = await TestFlow.StartAsync(Yaml, Signing("even", "odd"));

        var reply = await flow.PostAsync("/run", [.. Enumerable.Range(0, 6).Select(i => new Document($"{i}") { Tags = new() { ["even"] = i % 2 == 0 } })]);

        Assert.Null(reply.Error);
        Assert.Equal(["0even", "1odd", "2even", "3odd", "4even", "5odd"], reply.Documents.Select(document => document.Id + document.Text));
    }

    [Fact]
    public async Task An_executor_that_no_document_is_meant_for_is_not_called()
    {
        const string Yaml = """
            jtype: Flow
            executors:
              - {name: a, uses: Scripted, when: {text: {$eq: "yes"}}}
              - {name: b, uses: Scripted}
            """;
        await using var flow = await TestFlow.StartAsync(Yaml);

        var reply = await flow.PostAsync("/run", new Document { Text = "no" });

        Assert.Empty(reply.Documents);
        Assert.Equal((0, 1), (flow.Script.CallsOf("a"), flow.Script.CallsOf("b")));
    }

    [Theory]
    [InlineData("collect", 1)]
    [InlineData("hang", 1)]
    [InlineData("remove", 0)]
    public async Task An_inspecting_executor_looks_on_beside_the_road(string mode, int calls)
    {
        var yaml = $$"""
            jtype: Flow
            with: {inspect: {{mode}}}
            executors:
              - {name: a, uses: Scripted}
              - {name: i, uses: Scripted, method: inspect}
              - {name: b, uses: Scripted}
            """;
        await using var flow = await TestFlow.StartAsync(yaml, Signing("a", "i", "b"));

        var reply = await flow.PostAsync("/run", new Document());
        await flow.Runtime.StopAsync(TimeSpan.FromSeconds(30)).WithTimeout();

        Assert.Equal("ab", Assert.Single(reply.Documents).Text);
        Assert.Equal(calls, flow.Script.CallsOf("i"));
    }

    [Fact]
    public async Task A_high_priority_overtakes_and_a_low_one_that_has_waited_long_does_not_starve()
    {
        using var gate = new ManualGate();
        var time = new FakeTimeProvider();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(FlowText.Chain("a"), new TestFlowOptions { Script = script, TimeProvider = time });
        var tasks = new List<Task> { flow.SendAsync("held") };
        await gate.ArrivedAsync();

        Send("old low", Priority.Low);
        time.Advance(TimeSpan.FromSeconds(3));
        Send("low", Priority.Low);
        Send("normal", Priority.Normal);
        Send("high", Priority.High);
        gate.Open();
        await Task.WhenAll(tasks).WithTimeout();

        Assert.Equal(["held", "old low", "high", "normal", "low"], script.Calls.Select(call => call.Documents[0].Id));

        void Send(string id, Priority priority) => tasks.Add(flow.Runtime.SendAsync(new FlowRequest("/run", [new Document(id)]) { Priority = priority }, CancellationToken.None));
    }

    [Fact]
    public async Task An_inbox_bounded_in_bytes_holds_no_more_but_lets_a_larger_one_in_alone()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("a", call => gate.PassAsync(call.Token));
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a, capacity_bytes: 1000", "gateway")), script);
        List<Task<FlowResponse>> sent = [Send(10)];
        await gate.ArrivedAsync();

        sent.Add(Send(5000));
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0].Bytes == 5000, "the large one");
        sent.Add(Send(600));
        sent.Add(Send(600));
        await Task.Delay(50);
        Assert.Equal(5000, flow.Runtime.Health[0].Bytes);
        gate.Open();

        Assert.All(await Task.WhenAll(sent).WithTimeout(), reply => Assert.Null(reply.Error));

        Task<FlowResponse> Send(int bytes) => flow.Runtime.SendAsync(new FlowRequest("/run", [new Document { Blob = new byte[bytes] }]), CancellationToken.None);
    }
}
