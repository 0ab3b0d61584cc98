using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using FlowKit.TestKit;

namespace FlowKit.Specs;

/// <summary>An executor as a process of its own, asked by a flow in another process.</summary>
public sealed class ExecutorSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunningFlow> StartWorkerAsync(string suffix) => RunningFlow.StartExecutorAsync(
        _folder.Path, "--uses", Repository.At("flows/hello/Upper.cs"), "--name", "upper", "--uses-with", $"suffix={suffix}");

    private Task<RunningFlow> StartFlowAsync(params RunningFlow[] workers) => RunningFlow.StartAsync(
        _folder.File("flow.yml", $"jtype: Flow\nexecutors:\n  - name: far\n    external: true\n    host: [{string.Join(", ", workers.Select(worker => $"'{worker.Address}'"))}]\n"), _folder.Path);

    private static Task<JsonObject> AskAsync(RunningFlow flow) =>
        ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse("""{"data":[{"text":"hello"}],"execEndpoint":"/upper"}""")!);

    [Fact]
    public async Task A_flow_asks_an_executor_in_another_process_and_says_when_it_is_gone()
    {
        await using var worker = await StartWorkerAsync("?");
        await using var flow = await StartFlowAsync(worker);

        var reply = await AskAsync(flow);
        Assert.Equal("HELLO?", (string)reply["data"]![0]!["text"]!);
        Assert.Equal(["gateway", "far"], reply["routes"]!.AsArray().Select(route => (string)route!["executor"]!));

        Assert.Equal(0, await worker.StopAsync());
        using var gone = await flow.Http.PostAsync("/post", new StringContent("""{"data":[{}],"execEndpoint":"/upper"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(503, (int)gone.StatusCode);
        Assert.Contains(new Uri(worker.Address).Authority, await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_go_on_when_one_of_two_is_killed()
    {
        await using var first = await StartWorkerAsync("a");
        await using var second = await StartWorkerAsync("b");
        await using var flow = await StartFlowAsync(first, second);
        var answers = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            answers.Add((string)(await AskAsync(flow))["data"]![0]!["text"]!);
        }

        Assert.Equal(["HELLOa", "HELLOb"], answers.Distinct().Order(StringComparer.Ordinal));
        await first.KillAsync();

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("HELLOb", (string)(await AskAsync(flow))["data"]![0]!["text"]!);
        }
    }

    [Fact]
    public async Task A_worker_with_a_certificate_lets_in_who_has_one_of_the_same_authority()
    {
        TestCertificate.Write(_folder.Path);
        string Own(string file) => Path.Combine(_folder.Path, file);
        await using var worker = await RunningFlow.StartExecutorAsync(
            _folder.Path, "--uses", Repository.At("flows/hello/Upper.cs"), "--gateway", $"ssl_certfile={Own("cert.pem")}", "--gateway", new JsonObject { ["ssl_keyfile"] = Own("key.pem"), ["ssl_ca_certfile"] = Own("cert.pem") }.ToJsonString());
        Assert.StartsWith("grpcs://", worker.Address, StringComparison.Ordinal);
        await using var flow = await RunningFlow.StartAsync(
            _folder.File("flow.yml", $"jtype: Flow\nexecutors:\n  - {{name: far, external: true, host: '{worker.Address}', ssl_ca_certfile: cert.pem, ssl_certfile: cert.pem, ssl_keyfile: key.pem}}\n"), _folder.Path);

        Assert.Equal("HELLO", ((string)(await AskAsync(flow))["data"]![0]!["text"]!)[..5]);
    }
}
