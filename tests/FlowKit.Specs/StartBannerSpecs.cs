using System.Text.RegularExpressions;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>What a flow tells people when it is ready.</summary>
public sealed partial class StartBannerSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_protocol_is_told_with_its_own_port_and_the_page_where_HTTP_is()
    {
        var ports = new[] { FreePort.Find(), FreePort.Find(), FreePort.Find() };
        var file = _folder.File(
            "flow.yml", $"jtype: Flow\ngateway: {{protocol: [grpc, http, websocket], port: [{string.Join(", ", ports)}]}}\nexecutors: [{{name: a}}]\n");
        var start = FlowKitCommand.StartInfo("run", file, "--workspace", Path.Combine(_folder.Path, "workspace"));
        await using var flow = await RunningFlow.StartAsync(start);

        var told = Line().Matches(flow.Log).ToLookup(match => match.Groups["what"].Value, match => match.Groups["address"].Value);
        Assert.Equal([$"grpc://127.0.0.1:{ports[0]}"], told["gRPC"]);
        Assert.Contains($"http://127.0.0.1:{ports[1]}", told["HTTP"]);
        Assert.Contains($"ws://127.0.0.1:{ports[2]}", told["WebSocket"]);
        Assert.Equal([$"http://127.0.0.1:{ports[1]}/"], told["page"]);
        Assert.Equal("127.0.0.1", flow.Http.BaseAddress!.Host);
        Assert.Equal(ports[1], flow.Http.BaseAddress.Port);
        using var page = await flow.Http.GetAsync("/");
        Assert.True(page.IsSuccessStatusCode);
    }

    /// <summary>Where no terminal is, lines tell how far a long start has come, how fast it is and how long the rest takes.</summary>
    [Fact]
    public async Task A_start_that_takes_long_tells_every_ten_seconds_how_far_it_is()
    {
        _folder.File("Slow.cs", """
            public sealed class Slow : Executor
            {
                public override Task LoadAsync(CancellationToken token) => Task.Delay(11_000, token);

                [Requests("/index")]
                public static Task Index() => Task.Delay(4_000);
            }
            """);
        foreach (var name in (string[])["one.txt", "two.txt", "three.txt"])
        {
            _folder.File(name, name);
        }

        var file = _folder.File(
            "flow.yml",
            $"jtype: Flow\nexecutors: [{{name: quick}}, {{name: slow, uses: ./Slow.cs}}]\non_start: [{{post: /index, inputs: {_folder.Path}/*.txt, request_size: 1}}]\n");

        await using var flow = await RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));

        Assert.Matches(@"Loading executors: (0/2 after|1/2, about) \d+ s", flow.Log);
        Assert.Matches(@"Loading executors: 2/2 in (\d+ min )?\d+ s", flow.Log);
        Assert.Matches(@"Indexing: [0-2]/3.* \d+ s", flow.Log);
        Assert.Matches(@"Indexing: 3/3 in (\d+ min )?\d+ s", flow.Log);
    }

    [GeneratedRegex(@"^(?<what>gRPC|HTTP|WebSocket|page) +(?<address>\S+)", RegexOptions.Multiline)]
    private static partial Regex Line();
}
