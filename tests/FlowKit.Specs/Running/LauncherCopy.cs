using System.Diagnostics;

namespace FlowKit.Specs.Running;

/// <summary>A repository with nothing but the launcher and one source, and a <c>dotnet</c> that builds and runs nothing.</summary>
internal sealed class LauncherCopy : IDisposable
{
    private static readonly string[] s_tools = ["bash", "cat", "find", "grep", "mktemp", "rm", "sed", "sleep", "sort", "tail", "tr"];

    private readonly TemporaryFolder _folder = new();
    private string _device = "cpu";
    private string _noBuild = "";
    private string[] _tools = [.. s_tools, "dotnet"];

    public LauncherCopy()
    {
        foreach (var file in new[] { "flowkit", "eng/setup.sh" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.Copy(Repository.At(file), At(file));
        }

        _folder.File("src/FlowKit.Cli/FlowKit.Cli.csproj", "");
        _folder.File("src/FlowKit.Cli/Program.cs", "");
        _folder.File("executors/Clip/Clip.csproj", "");
        _folder.File("templates/FlowKit.Templates.csproj", "");
        _folder.File("Directory.Build.props", "");
        _folder.File("global.json", "");
    }

    /// <summary>The version of the only SDK; one of 10.0 can build.</summary>
    public string Sdk { get; init; } = "10.0.100";

    /// <summary>What a build that fails says; empty for one that does not.</summary>
    public string BuildError { get; init; } = "";

    /// <summary>The seconds that a build takes.</summary>
    public int BuildSeconds { get; init; }

    /// <summary>The device of each build so far.</summary>
    public IReadOnlyList<string> Builds => File.Exists(At("builds")) ? File.ReadAllLines(At("builds")) : [];

    public LauncherCopy On(string device) => Set(() => _device = device);

    public LauncherCopy WithOnly(params string[] tools) => Set(() => _tools = tools);

    public LauncherCopy WithoutBuild() => Set(() => _noBuild = "1");

    public LauncherCopy WithBuild() => Set(() => _noBuild = "");

    /// <summary>Makes a file newer than anything built so far.</summary>
    public void Touch(string file) => File.SetLastWriteTimeUtc(At(file), DateTime.UtcNow.AddSeconds(-1));

    /// <summary>Removes a file or a folder.</summary>
    public void Remove(string path)
    {
        if (Directory.Exists(At(path)))
        {
            Directory.Delete(At(path), recursive: true);
            return;
        }

        File.Delete(At(path));
    }

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        WriteTools();
        var start = new ProcessStartInfo("/bin/bash", [At("flowkit"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = At("tools");
        start.Environment["FLOWKIT_DEVICE"] = _device;
        start.Environment["FLOWKIT_NO_BUILD"] = _noBuild;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Age();
        return new CommandResult(process.ExitCode, await output, await errors);
    }

    public void Dispose() => _folder.Dispose();

    private LauncherCopy Set(Action change)
    {
        change();
        return this;
    }

    private string At(string file) => Path.Combine(_folder.Path, file);

    /// <summary>Gives sources and what was built one time in the past, so that only what a test changes then is newer.</summary>
    private void Age()
    {
        var past = DateTime.UtcNow.AddMinutes(-1);
        foreach (var path in Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(At("tools"), StringComparison.Ordinal)))
        {
            File.SetLastWriteTimeUtc(path, past);
        }
    }

    private void WriteTools()
    {
        var folder = At("tools");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var tool in _tools.Where(static tool => tool != "dotnet"))
        {
            File.CreateSymbolicLink(Path.Combine(folder, tool), $"/usr/bin/{tool}");
        }

        if (_tools.Contains("dotnet") && !OperatingSystem.IsWindows())
        {
            File.WriteAllText(Path.Combine(folder, "dotnet"), Dotnet());
            File.SetUnixFileMode(Path.Combine(folder, "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string Dotnet() => $$"""
        #!/bin/bash
        case $1 in
          --version) [[ "{{Sdk}}" == 10.0.* ]] ;;
          --list-sdks) echo "{{Sdk}} [/sdk]" ;;
          build)
            echo "$FLOWKIT_DEVICE" >>'{{At("builds")}}'
            echo '  FlowKit.Cli -> FlowKit.Cli.dll'
            [ {{BuildSeconds}} = 0 ] || /bin/sleep {{BuildSeconds}}
            [ -z '{{BuildError}}' ] || { echo '{{BuildError}}'; echo '{{BuildError}}'; exit 1; }
            /bin/mkdir -p '{{At("artifacts/bin/FlowKit.Cli/release")}}'
            echo >'{{At("artifacts/bin/FlowKit.Cli/release/flowkit.dll")}}'
            ;;
          *) shift; IFS=,; echo "ran $*" ;;
        esac
        """;
}
