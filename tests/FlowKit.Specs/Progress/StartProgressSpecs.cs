using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs.Progress;

/// <summary>
/// What a start tells of each long thing that it does, with an engine whose images and containers are files and processes of this machine.
/// </summary>
public sealed class StartProgressSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Find();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_no_terminal_is_each_ends_with_a_line()
    {
        var start = FlowKitCommand.StartInfo("run", Flow(), "--port", "0", "--workspace", At("workspace"));
        foreach (var (name, value) in Environment())
        {
            start.Environment[name] = value;
        }

        await using var flow = await RunningFlow.StartAsync(start);

        Assert.Matches(@"Building own: 1/1 in \d+ s", flow.Log);
        Assert.Matches(@"Pulling layers:1: 1/3 after \d+ s|Pulling layers:1: 1/3, about \d+ s left", flow.Log);
        Assert.Matches(@"Pulling layers:1: 3/3 in \d+ s", flow.Log);
        Assert.Matches(@"Loading executors: [01]/2.* \((own|pulled)\)", flow.Log);
        Assert.Matches(@"Loading executors: 2/2 in \d+ s", flow.Log);
    }

    [TerminalFact]
    public async Task On_a_terminal_each_is_a_bar()
    {
        using var running = Terminal.Start($"run {Flow()} --port 0 --workspace {At("workspace")}", Environment());
        await running.UntilAsync("Ctrl-C");
        await running.InterruptAsync();
        var seen = await running.EndAsync();

        Assert.Matches(@"Building own +[━ ]+ +100%", seen);
        Assert.Matches(@"Pulling layers:1 +[━ ]+ +33%", seen);
        Assert.Matches(@"Pulling layers:1 +[━ ]+ +100%", seen);
        Assert.Matches(@"Loading executors \(pulled\) +[━ ]+ ", seen);
        Assert.Matches(@"Loading executors +[━ ]+ +100%", seen);
    }

    [Fact]
    public async Task A_build_of_an_image_tells_of_the_code_that_it_compiles()
    {
        Own();
        var start = FlowKitCommand.StartInfo("build", At("own"), "-t", "own:2", "--image", "own:1");
        start.Environment["FLOWKIT_ENGINE"] = Engine();
        var result = await FlowKitCommand.RunAsync(start);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Matches(@"Preparing .*own: 1/1( in \d+ s)?\nthe engine builds\n", result.Output + result.Errors);
    }

    private Dictionary<string, string> Environment() => new() { ["FLOWKIT_ENGINE"] = Engine() };

    private string Flow()
    {
        Own();
        _folder.File("Pass.cs", "public sealed class Pass : Executor\n{\n    [Requests]\n    public static void All(DocumentArray docs)\n    {\n    }\n}\n");
        return _folder.File("flow.yml", """
            jtype: Flow
            executors:
              - {name: own, uses: ./own}
              - {name: pulled, uses: 'docker://layers:1', disable_auto_volume: true, timeout_ready: 120000}
            """);
    }

    /// <summary>An executor that only the SDK can build.</summary>
    private void Own()
    {
        _folder.File("own/Own.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="$(FlowKitHome)FlowKit.Abstractions.dll" />
              </ItemGroup>
            </Project>
            """);
        _folder.File("own/Own.cs", "public sealed class Own : FlowKit.Executor\n{\n    [FlowKit.Requests(\"/own\")]\n    public static void Run()\n    {\n    }\n}\n");
    }

    private string Engine()
    {
        var path = _folder.File("engine", $$$$"""
            #!/bin/sh
            case "$1 $3" in
              version*) echo '{"Server": {"Os": "linux", "Arch": "amd64"}}' ;;
              "image layers:1") [ -e {{{{At("pulled")}}}} ] && echo '[{"Os": "linux", "Architecture": "amd64", "Config": {"Labels": {"flowkit.entry": "executor"}}}]' ;;
              image*) echo '[{"Os": "linux", "Architecture": "amd64", "Config": {"Labels": {"flowkit.entry": "flowkit"}}}]' ;;
              build*) echo "the engine builds" >&2 ;;
              pull*)
                echo "1: Pulling from library/layers"
                echo "aaaaaaaaaaaa: Already exists"
                echo "bbbbbbbbbbbb: Pulling fs layer"
                echo "cccccccccccc: Pulling fs layer"
                sleep 12
                echo "bbbbbbbbbbbb: Download complete"
                echo "bbbbbbbbbbbb: Pull complete"
                echo "cccccccccccc: Pull complete"
                touch {{{{At("pulled")}}}} ;;
              port*) echo 127.0.0.1:{{{{_port}}}} ;;
              inspect*) echo '{"OOMKilled": false}' ;;
              run*)
                while [ "$1" != layers:1 ]; do shift; done
                shift
                for word; do shift; [ "$word" = 51000 ] && word={{{{_port}}}}; set -- "$@" "$word"; done
                exec dotnet {{{{Path.Combine(AppContext.BaseDirectory, "flowkit.dll")}}}} executor --uses {{{{At("Pass.cs")}}}} "$@" ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
