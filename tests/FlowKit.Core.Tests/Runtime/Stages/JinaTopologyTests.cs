using FlowKit.TestKit;

namespace FlowKit.Runtime.Stages;

/// <summary>Flows for which Jina's answer is known: what it gives back when executors are passed by, hang, or are none.</summary>
public sealed class JinaTopologyTests
{
    public sealed class Tag : Executor
    {
        private readonly string _name;

        public Tag(ExecutorContext context) => _name = context.Name;

        [Requests]
        public void Run(DocumentArray documents)
        {
            foreach (var document in documents)
            {
                document.Text += $"{_name}>";
            }
        }

        [Requests("/add")]
        public void Add(DocumentArray documents) => documents.Add(new Document(_name) { Text = _name });

        [Requests("/err")]
        public void Err() => throw new InvalidOperationException(_name == "b" ? "b fails" : "another fails");
    }

    public sealed class Parts : Executor
    {
        [Requests]
        public DocumentArray Run(IReadOnlyList<DocumentArray> parts, IReadOnlyDictionary<string, DocumentArray> byName) =>
            [new Document("p") { Text = $"{string.Join(',', parts.Select(part => part.Count))}:{string.Join(',', byName.Keys.Order(StringComparer.Ordinal))}" }];
    }

    private static Task<TestFlow> StartAsync(string executors) =>
        TestFlow.StartAsync($"jtype: Flow\nexecutors:\n{executors}", typeof(Tag), typeof(Parts));

    private static async Task<FlowResponse> PostAsync(TestFlow flow, string endpoint = "/", string target = "")
    {
        var documents = Enumerable.Range(0, 4).Select(k => new Document($"d{k}") { Tags = new() { ["k"] = k } });
        return await flow.Runtime.SendAsync(new FlowRequest(endpoint, [.. documents]) { TargetExecutor = target }, default).WithTimeout();
    }

    private static string Shown(FlowResponse reply) =>
        string.Join(' ', reply.Documents.Select(document => $"{document.Id}={document.Text}"));

    private const string Ends = "- {name: a, uses: Tag, needs: gateway}\n- {name: b, uses: Tag, needs: gateway}\n";
    private const string Matrix = Ends + "- {name: c, uses: Parts, needs: [a, b], no_reduce: true}\n";

    private const string When = """
        - {name: a, uses: Tag, needs: gateway, when: {tags__k: {$eq: 1}}}
        - {name: b, uses: Tag, needs: gateway, when: {tags__k: {$gt: 1}}}
        - {name: c, uses: Tag, needs: [a, b]}

        """;

    [Theory]
    [InlineData("/", "d0=b> d1=b> d2=b> d3=b>")]
    [InlineData("/add", "d0= d1= d2= d3= b=b")]
    public async Task The_last_of_several_ends_makes_the_reply(string endpoint, string expected)
    {
        await using var flow = await StartAsync(Ends);

        Assert.Equal(expected, Shown(await PostAsync(flow, endpoint)));
    }

    [Fact]
    public async Task The_failure_of_the_last_end_is_the_requests()
    {
        await using var flow = await StartAsync(Ends);

        Assert.Equal(("b", "b fails"), (await PostAsync(flow, "/err")).Error is { } error ? (error.Executor, error.Message) : default);
    }

    [Fact]
    public async Task An_end_that_hangs_is_called_and_not_waited_for()
    {
        using var gate = new ManualGate();
        var script = new FlowScript().On("b", async call =>
        {
            await gate.PassAsync(CancellationToken.None);
            throw new InvalidOperationException("nobody hears of it");
        });
        await using var flow = await TestFlow.StartAsync(FlowText.Graph(("a", "gateway"), ("b", "a"), ("c", "a")), script);

        var reply = await flow.PostAsync("/run", new Document("1"));
        await gate.ArrivedAsync();
        gate.Open();
        await flow.Runtime.StopAsync(TimeSpan.FromSeconds(30)).WithTimeout();

        Assert.Null(reply.Error);
        Assert.Equal((1, 1), (script.CallsOf("b"), script.CallsOf("c")));
    }

    [Fact]
    public async Task A_join_that_hangs_is_called_and_its_documents_are_in_no_reply()
    {
        await using var flow = await StartAsync(Ends + "- {name: c, uses: Tag, needs: [a, b]}\n- {name: d, uses: Tag, needs: gateway}\n");

        var reply = await PostAsync(flow);

        Assert.Equal("d0=d> d1=d> d2=d> d3=d>", Shown(reply));
        Assert.Contains(reply.Routes, route => route is { Executor: "c", End: not null });
    }

    [Theory]
    [InlineData("", "p=4,4:a,b")]
    [InlineData("a", "d0=a> d1=a> d2=a> d3=a>")]
    [InlineData("^[ab]$", "d0=a> d1=a> d2=a> d3=a>")]
    [InlineData("nomatch", "d0= d1= d2= d3=")]
    public async Task A_join_that_keeps_parts_reduces_them_when_it_is_passed_by(string target, string expected)
    {
        await using var flow = await StartAsync(Matrix);

        Assert.Equal(expected, Shown(await PostAsync(flow, target: target)));
    }

    [Fact]
    public async Task A_condition_before_a_join_that_keeps_parts_goes_for_each_part()
    {
        await using var flow = await StartAsync(Ends + "- {name: c, uses: Parts, needs: [a, b], no_reduce: true, when: {tags__k: {$gt: 1}}}\n");

        Assert.Equal("p=2,2:a,b", Shown(await PostAsync(flow)));
    }

    [Theory]
    [InlineData("", "d1=a>c> d2=b>c> d3=b>c>")]
    [InlineData("nomatch", "d0= d1= d2= d3=")]
    [InlineData("c", "d0=c> d1=c> d2=c> d3=c>")]
    [InlineData("a", "d0= d1=a> d2= d3=")]
    public async Task A_condition_keeps_nothing_back_where_the_executor_is_passed_by(string target, string expected)
    {
        await using var flow = await StartAsync(When);

        Assert.Equal(expected, Shown(await PostAsync(flow, target: target)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("- {name: a}\n- {name: b}\n")]
    [InlineData("- {name: a, shards: 2}\n")]
    public async Task What_does_nothing_gives_documents_back_as_they_came(string executors)
    {
        await using var flow = await StartAsync(executors);

        var reply = await PostAsync(flow, "/anything");

        Assert.Null(reply.Error);
        Assert.Equal("d0= d1= d2= d3=", Shown(reply));
        Assert.Equal(flow.Config.Executors.Count + 1, reply.Routes.Count);
    }
}
