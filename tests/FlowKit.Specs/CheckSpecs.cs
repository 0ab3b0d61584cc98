using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary><c>flowkit check</c>: the mistakes of all phases at once, each with its place and what to write instead.</summary>
public sealed class CheckSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Wrong => new()
    {
        { "executors:\n  - name: a\n    use: ClipTextEncoder\n    uses_with: {model: tiny-clip}\n", ["3:5: executors.a.use: unknown key; did you mean 'uses'?"] },
        { "gateway: {prot: 8080}\nexecutors: [{uses: ClipTextEncoder, uses_with: {modle: x}}]\n", ["1:11: gateway.prot: unknown key; did you mean 'port'?", "2:56: uses_with.modle: 'ClipTextEncoder' has no such option; did you mean 'model'?"] },
        { "executors:\n  - uses: ClipTextEncoder\n    uses_with: {model: tiny-clp}\n", ["3:24: uses_with.model: There is no CLIP model 'tiny-clp'"] },
        { "executors:\n  - uses: ClipRanker\n    uses_with: {model: tiny clip}\n", ["3:24: uses_with.model: There is no CLIP model 'tiny clip'"] },
        { "executors:\n  - uses: ClipEncoder\n    uses_with: {name: ' '}\n", ["3:23: uses_with.name: expected a model's name or its folder, not a blank text"] },
        { "executors: [{uses: VectorIndexer}]\non_start: [{post: /index, inputs: [nosuch/*.jpg, none.jpg]}]\n", ["2:36: on_start[0].inputs: 'nosuch/*.jpg' matches no file", "2:50: on_start[0].inputs: the file '"] },
        { "executors:\n  - name: a\n    uses_with: {model: x}\n", ["3:24: uses_with.model: no 'uses' says which executor it is, and BaseExecutor has no such option; add 'uses'"] },
        { "executors:\n  - name: a\n    uses: ClipTextEncoder\n    replicas: two\n    uses_with: {batch_size: many}\n", ["4:15: executors.a.replicas: expected a whole number from 1 to 1024, not 'two'", "5:29: uses_with.batch_size: expected a whole number, not this text"] },
        { "executors:\n  - name: a\n   uses: b\n", ["3:4: not valid YAML: a line of the list does not begin with '- '; expected '- ' here, or less indentation"] },
        { "executors:\n  - name: a: b\n", ["2:12: not valid YAML: a second ': ' stands on the line; put quotes around a text that holds one"] },
        { "name: 'x\nexecutors: []\n", ["not valid YAML: a text in quotes does not end; expected the closing quote"] },
        { "executors: [{name: a}]\ngateway: {host: 300.1.2.3}\n", ["2:17: gateway.host: expected an IP address such as 127.0.0.1 or 0.0.0.0, or localhost, not '300.1.2.3'"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Every_mistake_is_told_with_its_place(string flow, string[] errors)
    {
        var result = await FlowKitCommand.RunAsync("check", _folder.File("flow.yml", flow));

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.All(errors, error => Assert.Contains(error, result.Errors, StringComparison.Ordinal));
        Assert.Equal(errors.Length, result.Errors.Split('\n').Count(line => line.Contains("flow.yml:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_folder_is_no_flow()
    {
        var result = await FlowKitCommand.RunAsync("check", _folder.Path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("it is a folder; a file is expected", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_passes()
    {
        _folder.File("pictures/a.jpg", "a");
        _folder.File("pictures/b.png", "b");
        var flow = _folder.File("flow.yml", "executors: [{uses: ClipEncoder}]\non_start: [{post: /index, inputs: ['pictures/*.{jpg,png,gif}', '!pictures/b.*']}]\n");

        var result = await FlowKitCommand.RunAsync("check", flow);

        Assert.True(result.ExitCode == 0, result.Errors);
    }

    [Fact]
    public async Task Without_a_build_nothing_of_the_flow_runs_and_what_can_be_said_is_said()
    {
        var ran = Path.Combine(_folder.Path, "ran");
        _folder.File("proj/proj.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <Target Name="Evil" BeforeTargets="Restore;_GenerateRestoreGraph;Build"><Exec Command="echo > {ran}" /></Target>
            </Project>
            """);
        _folder.File("Ex.cs", $$"""
            #:property PreBuildEvent=echo > {{ran}}
            public sealed class Ex : FlowKit.Executor { [FlowKit.Requests] public void Do() { } }
            """);
        const string Right = "executors: [{name: a, uses: ./proj, uses_with: {any: 1}}, {name: b, uses: ./Ex.cs}, {name: c, uses: 'nuget://No.Such@1.0.0'}]\n";

        var right = await FlowKitCommand.RunAsync("check", _folder.File("flow.yml", Right), "--no-build");

        Assert.True(right.ExitCode == 0, right.Errors);
        Assert.Contains("a -> b (./Ex.cs)", right.Output, StringComparison.Ordinal);
        Assert.Contains("not built", right.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(ran));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "proj", "obj")));
    }

    [Fact]
    public async Task Without_a_build_mistakes_have_their_places_nevertheless()
    {
        _folder.File("Bad.cs", "public sealed class Bad : Executor\n{\n    public int X => \"text\";\n}\n");
        _folder.File("Worse.cs", "#:package A@1.0.0\npublic class {\n");
        _folder.File("torn/torn.csproj", "<Project>\n  <Property\n</Project>\n");
        _folder.File("no.dll", "no assembly");
        var flow = _folder.File(
            "flow.yml",
            "executors:\n  - uses: ./Bad.cs\n  - uses: ./Worse.cs\n  - uses: ./torn\n  - uses: ./no.dll\n  - uses: ./gone.cs\n  - uses: ClipTextEncoder\n    uses_with: {modle: x}\n");

        var result = await FlowKitCommand.RunAsync("check", flow, "--no-build");

        Assert.Equal(1, result.ExitCode);
        Assert.All(
            (string[])["Bad.cs:3:21: CS0029", "Worse.cs:2:", "torn.csproj:3:", "it is no .NET assembly", "gone.cs' does not exist", "8:24: uses_with.modle"],
            told => Assert.Contains(told, result.Errors, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Cannot parse argument 'abc' for option '--port'; expected a whole number.", "run", "flow.yml", "--port", "abc")]
    [InlineData("Cannot parse argument 'x' for option '--timeout'; expected a number.", "ping", "http://localhost", "--timeout", "x")]
    public async Task A_wrong_type_is_told_in_words(string message, params string[] arguments)
    {
        var result = await FlowKitCommand.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _flowkit flowkit")]
    [InlineData("zsh", "#compdef flowkit")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task A_shell_gets_its_script(string shell, string line)
    {
        var script = await FlowKitCommand.RunAsync("completion", shell);
        var suggestions = await FlowKitCommand.RunAsync("[suggest:12]", "flowkit comp");

        Assert.Equal(0, script.ExitCode);
        Assert.Contains(line, script.Output, StringComparison.Ordinal);
        Assert.Equal("completion", suggestions.Output.Trim());
    }
}
