using System.Text.Json;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs;

/// <summary>The command line: help, exit codes, and CLIP without a flow.</summary>
public sealed class CommandLineSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("list")]
    [InlineData("ping")]
    [InlineData("post")]
    [InlineData("bench")]
    [InlineData("profile")]
    [InlineData("scale")]
    [InlineData("top")]
    [InlineData("trace")]
    [InlineData("executor")]
    [InlineData("completion")]
    [InlineData("clip", "tokenize")]
    [InlineData("clip", "preprocess")]
    [InlineData("clip", "embed")]
    [InlineData("clip", "compare")]
    [InlineData("models", "list")]
    [InlineData("models", "pull")]
    [InlineData("models", "verify")]
    [InlineData("models", "add")]
    [InlineData("models", "doctor")]
    public async Task Every_command_has_help_with_an_example(params string[] command)
    {
        var result = await FlowKitCommand.RunAsync([.. command, "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"flowkit {string.Join(' ', command)}", result.Output, StringComparison.Ordinal);
        Assert.Contains("Example", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_printed()
    {
        var result = await FlowKitCommand.RunAsync("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", result.Output);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("run")]
    [InlineData("post", "http://localhost:1", "--request-size", "0")]
    [InlineData("post", "http://localhost:1", "--output", "xml")]
    [InlineData("post", "http://localhost:1", "--parameters", "[]")]
    [InlineData("bench", "http://localhost:1", "--concurrency", "0")]
    [InlineData("bench", "http://localhost:1", "--duration", "-1")]
    [InlineData("bench", "http://localhost:1", "--output", "xml")]
    [InlineData("profile", "http://localhost:1", "--repeat", "0")]
    [InlineData("profile", "http://localhost:1", "--text", "a", "--inputs", "b.jpg")]
    [InlineData("check", "flow.yml", "--set", "nothing")]
    [InlineData("scale", "encoder")]
    [InlineData("scale", "encoder", "0")]
    [InlineData("scale", "encoder", "1025")]
    [InlineData("scale", "encoder", "two")]
    [InlineData("executor")]
    [InlineData("executor", "--uses", "BaseExecutor", "--uses-with", "nothing")]
    [InlineData("clip", "embed")]
    public async Task Wrong_use_is_exit_code_2(params string[] arguments)
    {
        var result = await FlowKitCommand.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--help", result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_flow_that_does_not_exist_is_exit_code_1()
    {
        var result = await FlowKitCommand.RunAsync("check", Path.Combine(_folder.Path, "none.yml"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("none.yml", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_prints_every_mistake_with_its_place()
    {
        var flow = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: a\n    uses: ClipTextEncodr\n  - name: b\n    uses: VectorIndexer\n    uses_with: {limt: 5}\n");

        var result = await FlowKitCommand.RunAsync("check", flow);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("flow.yml:4:11: uses: no executor is named 'ClipTextEncodr'; did you mean 'ClipTextEncoder'?", result.Errors, StringComparison.Ordinal);
        Assert.Contains("uses_with.limt: 'VectorIndexer' has no such option; did you mean 'limit'?", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_example_flow_passes_the_check()
    {
        foreach (var flow in Directory.EnumerateFiles(Repository.At("flows"), "flow.yml", SearchOption.AllDirectories))
        {
            var start = FlowKitCommand.StartInfo("check", flow);
            start.Environment["DATABASE_URL"] = "Host=localhost;Database=photos";
            var result = await FlowKitCommand.RunAsync(start);
            Assert.True(result.ExitCode == 0, $"{flow}: {result.Errors}");
        }
    }

    [Fact]
    public async Task Hello_runs_an_executor_of_one_file()
    {
        await using var flow = await RunningFlow.StartAsync(Repository.At("flows", "hello", "flow.yml"), _folder.Path);

        var result = await FlowKitCommand.RunAsync("post", flow.Address, "--on", "/upper", "--text", "hello", "--output", "json");

        Assert.Equal("HELLO!", JsonDocument.Parse(result.Output).RootElement[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Ping_gives_up_with_exit_code_1()
    {
        var result = await FlowKitCommand.RunAsync("ping", "http://127.0.0.1:1", "--timeout", "1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("No flow was ready", result.Errors, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public async Task Tokenize_with_OpenAIs_vocabulary_gives_the_golden_ids()
    {
        var result = await FlowKitCommand.RunAsync("clip", "tokenize", "a photo of a cat", "--vocab", SharedData.At("data", "clip", "bpe_simple_vocab_16e6.txt.gz"));

        Assert.Equal("[49406,320,1125,539,320,2368,49407]", result.Output.Trim());
    }

    [SharedDataFact]
    public async Task Preprocess_writes_the_golden_tensor()
    {
        var output = Path.Combine(_folder.Path, "out.f32");

        var result = await FlowKitCommand.RunAsync("clip", "preprocess", SharedData.At("data", "clip", "golden", "524_316.jpg"), "--out", output, "--size", "224");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(await File.ReadAllBytesAsync(SharedData.At("data", "clip", "golden", "524_316.f32")), await File.ReadAllBytesAsync(output));
    }

    [Fact]
    public async Task Embed_prints_512_numbers_and_compare_prefers_the_right_words()
    {
        var apple = Repository.At("flows", "image-search", "pictures", "red-apple.jpg");

        var embed = await FlowKitCommand.RunAsync("clip", "embed", "--image", apple);
        var compare = await FlowKitCommand.RunAsync("clip", "compare", apple, "a blue triangle", "a red apple", "an airplane");

        Assert.Equal(512, JsonSerializer.Deserialize<float[]>(embed.Output)!.Length);
        var best = JsonDocument.Parse(compare.Output).RootElement.EnumerateArray().MaxBy(item => item.GetProperty("similarity").GetSingle());
        Assert.Equal("a red apple", best.GetProperty("prompt").GetString());
    }

    [Theory]
    [InlineData("clip", "embed", "--text", "x", "--model", "no-such-model")]
    [InlineData("clip", "embed", "--image", "no-such-file.jpg")]
    [InlineData("post", "http://127.0.0.1:1", "--text", "x")]
    [InlineData("post", "nonsense", "--text", "x")]
    [InlineData("post", "http://127.0.0.1:1", "--text", "x", "--stream")]
    [InlineData("scale", "encoder", "2", "--url", "http://127.0.0.1:1")]
    [InlineData("post", "http://127.0.0.1:1", "--inputs", "no-such-file.jpg")]
    public async Task A_failure_is_exit_code_1_with_one_sentence(params string[] arguments)
    {
        var result = await FlowKitCommand.RunAsync(arguments);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error:", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_made_with_its_name_scopes_and_end_and_wrong_ones_are_told()
    {
        var made = await FlowKitCommand.RunAsync("key", "new", "--name", "ops", "--scopes", "read", "--expires", "2090-01-01");
        var wrong = await FlowKitCommand.RunAsync("key", "new", "--scopes", "everything");

        Assert.Matches(@"(?s)the flow's line:\s+\S+ name=ops scopes=read expires=2090-01-01", made.Output);
        Assert.Equal((0, 1), (made.ExitCode, wrong.ExitCode));
        Assert.Contains("scopes: expected read, write and admin", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_cut_is_told_and_a_size_out_of_range_is_refused()
    {
        var cut = await FlowKitCommand.RunAsync("clip", "tokenize", string.Join(' ', Enumerable.Repeat("apple", 100)));
        var size = await FlowKitCommand.RunAsync("clip", "preprocess", "nothing.jpg", "--out", "nothing.bin", "--size", "9000");

        Assert.Contains("tokens are lost", cut.Errors, StringComparison.Ordinal);
        Assert.Equal(0, cut.ExitCode);
        Assert.Contains("--size: 9000 is not from 1 to 4096.", size.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_the_environment_that_is_none_is_told()
    {
        var start = FlowKitCommand.StartInfo("executor", "--uses", "BaseExecutor");
        start.Environment["FLOWKIT_EXECUTOR_PORT"] = "many";

        var refused = await FlowKitCommand.RunAsync(start);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("FLOWKIT_EXECUTOR_PORT: expected a port, 0 to 65535, not 'many'.", refused.Errors, StringComparison.Ordinal);
    }
}
