using System.Text.Json.Nodes;
using FlowKit.Specs.Running;
using FlowKit.TestKit;

namespace FlowKit.Specs;

/// <summary>Starting, stopping, being killed.</summary>
public sealed class LifetimeSpecs : IDisposable
{
    private const string Flow = """
        jtype: Flow
        executors:
          - name: text_encoder
            uses: ClipTextEncoder
          - name: indexer
            uses: VectorIndexer
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill()
    {
        var flow = _folder.File("flow.yml", Flow);
        await using (var first = await RunningFlow.StartAsync(flow, _folder.Path))
        {
            var reply = await ImageSearch.PostAsync(first.Http, "/index", Documents(100));
            Assert.Null(reply["header"]!["status"]);
            await first.KillAsync();
        }

        await using var second = await RunningFlow.StartAsync(flow, _folder.Path);
        var status = await ImageSearch.PostAsync(second.Http, "/post", JsonNode.Parse("""{"execEndpoint":"/status"}""")!);

        Assert.Equal(100, (int)status["parameters"]!["__results__"]!["indexer/rep-0"]!["num_docs"]!);
    }

    [Fact]
    public async Task A_stop_answers_what_was_accepted_and_exits_with_0()
    {
        var flow = await RunningFlow.StartAsync(_folder.File("flow.yml", Flow), _folder.Path);
        await using var _ = flow;
        var answers = Enumerable.Range(0, 8).Select(_ => ImageSearch.PostAsync(flow.Http, "/index", Documents(200))).ToList();
        await Task.WhenAny(answers);

        var exitCode = await flow.StopAsync();

        Assert.Equal(0, exitCode);
        var answered = 0;
        foreach (var answer in answers)
        {
            try
            {
                var reply = await answer;
                answered += reply["header"]!["status"] is null ? 1 : 0;
            }
            catch (HttpRequestException)
            {
                // Not accepted: the listener had already closed.
            }
        }

        Assert.InRange(answered, 1, 8);
        Assert.Contains("Stopped.", flow.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_start_finds_the_index_there()
    {
        var pictures = Directory.CreateDirectory(Path.Combine(_folder.Path, "pictures"));
        foreach (var name in new[] { "red-apple.jpg", "airplane.jpg" })
        {
            File.Copy(Repository.At("flows", "image-search", "pictures", name), Path.Combine(pictures.FullName, name));
        }

        var flow = _folder.File("flow.yml", await File.ReadAllTextAsync(Repository.At("flows", "image-search", "flow.yml")));
        await using (var first = await RunningFlow.StartAsync(flow, _folder.Path))
        {
            Assert.Contains("Indexing: 2/2", first.Log, StringComparison.Ordinal);
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = await RunningFlow.StartAsync(flow, _folder.Path);

        Assert.Contains("The index is up to date.", second.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_before_anything_is_loaded()
    {
        var flow = _folder.File("flow.yml", Flow);
        await using var first = await RunningFlow.StartAsync(flow, _folder.Path);

        var second = await FlowKitCommand.RunAsync("run", flow, "--port", new Uri(first.Address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--workspace", _folder.Path);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("cannot listen on 127.0.0.1:", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Loading", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Errors + second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_while_an_executor_is_built_for_the_first_time_ends_the_build_too()
    {
        var sign = Path.Combine(_folder.Path, "pid");
        _folder.File("Slow/Slow.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <Target Name="Wait" BeforeTargets="CoreCompile"><Exec Command="echo $$ > '{sign}.new' &amp;&amp; mv '{sign}.new' '{sign}' &amp;&amp; exec sleep 600" /></Target>
            </Project>
            """);
        await using var flow = RunningFlow.Begin(_folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - {name: slow, uses: ./Slow}\n"), _folder.Path);
        await flow.LoggedAsync("Building slow (./Slow) ...");
        while (!File.Exists(sign))
        {
            await Task.Delay(20);
        }

        Assert.Equal(0, await flow.StopAsync());
        Assert.Contains("Stopped before the flow was ready.", flow.Log, StringComparison.Ordinal);
        var waiting = (await File.ReadAllTextAsync(sign)).Trim();
        await TestTimeout.UntilAsync(() => ProcessTable.CommandOf(waiting).Length == 0, "the end of the build");
    }

    [Fact]
    public async Task An_exception_that_exit_on_exceptions_names_ends_the_process_with_1_after_what_was_accepted_is_answered()
    {
        _folder.File("Fuse.cs", """
            public sealed class BurntOutException(string message) : Exception(message);

            public sealed class Fuse : Executor
            {
                [Requests("/work")]
                public async Task WorkAsync(DocumentArray docs)
                {
                    await Task.Delay(2000);
                    docs[0].Text = "done";
                }

                [Requests("/burn")]
                public void Burn() => throw new BurntOutException("too hot");

                [Requests("/other")]
                public void Other() => throw new InvalidOperationException("only this request");
            }
            """);
        await using var flow = await RunningFlow.StartAsync(
            _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - {name: fuse, uses: ./Fuse.cs, replicas: 2, exit_on_exceptions: [BurntOutException]}\n"), _folder.Path);
        var other = await ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse("""{"execEndpoint":"/other"}""")!);
        var working = ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse("""{"data":[{}],"execEndpoint":"/work"}""")!);
        await flow.AcceptedAsync();

        var burnt = await ImageSearch.PostAsync(flow.Http, "/post", JsonNode.Parse("""{"execEndpoint":"/burn"}""")!);
        var exitCode = await flow.EndAsync();

        Assert.Equal("only this request", (string)other["header"]!["status"]!["description"]!);
        Assert.Equal("too hot", (string)burnt["header"]!["status"]!["description"]!);
        Assert.Equal("done", (string)(await working)["data"]![0]!["text"]!);
        Assert.Equal(1, exitCode);
        Assert.Contains("BurntOutException", flow.Log, StringComparison.Ordinal);
        Assert.Contains("exit_on_exceptions", flow.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_of_another_model_is_refused_by_name()
    {
        var flow = _folder.File("flow.yml", Flow);
        await using var first = await RunningFlow.StartAsync(flow, _folder.Path);
        await ImageSearch.PostAsync(first.Http, "/index", Documents(1));

        var reply = await ImageSearch.PostAsync(first.Http, "/search?nulls=false", JsonNode.Parse("""{"data":[{"id":"q","embedding":[1,2,3],"_metadata":{"embedding_model":"other@1"}}]}""")!);

        var message = (string?)reply["data"]![0]!["error"]!["description"];
        Assert.Contains("512", message, StringComparison.Ordinal);
        Assert.Contains("tiny-clip@", message, StringComparison.Ordinal);
        Assert.Contains("other@1", message, StringComparison.Ordinal);
    }

    private static JsonObject Documents(int count) => new()
    {
        ["data"] = new JsonArray([.. Enumerable.Range(0, count).Select(index => new JsonObject { ["id"] = $"d{index}", ["text"] = $"text number {index}" })]),
    };
}
