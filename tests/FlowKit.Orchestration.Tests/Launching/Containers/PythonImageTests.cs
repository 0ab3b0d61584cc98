using FlowKit.Specs.Running;
using FlowKit.TestKit;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>An image of Python whose worker speaks Jina's protocol, as Jina's own images do.</summary>
public sealed class PythonImageTests : IClassFixture<EngineFixture>
{
    private const string Tag = "flowkit-test-python";

    [PythonEngineFact]
    public async Task It_works_in_a_flow_as_any_executor_does()
    {
        await MakeImageAsync();
        await using var flow = await TestFlow.StartAsync(
            $"{{jtype: Flow, executors: [{{name: py, uses: 'docker://{Tag}', uses_with: {{size: 3}}, replicas: 2, retries: 0}}]}}",
            new TestFlowOptions { Launchers = WildFlow.Launchers });

        var raised = await flow.PostAsync("/upper", new Document { Text = "a red apple" }, new Document { Text = "b" });
        var failed = (await flow.PostAsync("/fail", new Document { Text = "x" })).Error!;

        Assert.Null(raised.Error);
        Assert.Equal(["A RED APPLE", "B"], raised.Documents.Select(document => document.Text));
        Assert.Contains("ValueError", failed.Message, StringComparison.Ordinal);
        Assert.Contains("boom", failed.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await OwnAsync()).Length);
    }

    [PythonEngineFact]
    public async Task Its_generators_stream_and_a_container_that_is_killed_is_replaced()
    {
        await MakeImageAsync();
        await using var flow = await TestFlow.StartAsync(
            $"{{jtype: Flow, executors: [{{name: py, uses: 'docker://{Tag}', retries: 0}}]}}",
            new TestFlowOptions { Launchers = WildFlow.Launchers });

        List<string?> words = [];
        await foreach (var document in flow.Runtime.StreamAsync(new FlowKit.Runtime.FlowRequest("/gen", [new Document { Text = "w" }]), CancellationToken.None))
        {
            words.Add(document.Text);
        }

        Assert.Equal(["w0 after 0", "w1 after 0", "w2 after 0"], words);
        await EngineFixture.DockerAsync("kill", Assert.Single(await OwnAsync()));
        await TestTimeout.UntilAsync(() => flow.Runtime.Health[0] is { Ready: 1, Restarts: > 0 }, "another container");
        Assert.Equal("X", (await flow.PostAsync("/upper", new Document { Text = "x" })).Documents[0].Text);
    }

    private static async Task<string[]> OwnAsync() =>
        [.. (await EngineFixture.ContainersAsync()).Where(name => name.StartsWith("flowkit-py-", StringComparison.Ordinal))];

    private static Task MakeImageAsync() => EngineFixture.RunScriptAsync(Repository.At("tests", "testdata", "grpc", "image.sh"), Tag);
}
