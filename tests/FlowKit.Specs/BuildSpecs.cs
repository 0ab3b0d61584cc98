using System.Reflection;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary><c>flowkit build</c>, with an engine that keeps what it is told to build instead of building it.</summary>
public sealed class BuildSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_goes_into_an_image_that_runs_it()
    {
        var file = _folder.File("Upper.cs", """
            using FlowKit;

            public sealed class Upper : Executor
            {
                [Requests]
                public void Raise(DocumentArray docs)
                {
                    foreach (var doc in docs)
                    {
                        doc.Text = doc.Text?.ToUpperInvariant();
                    }
                }
            }
            """);

        var result = await BuildAsync(file, "upper:1");

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("Built upper:1: name it with 'uses: docker://upper:1'.", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Built("files", "Upper.cs")));
        Assert.Contains("Upper", AssemblyName.GetAssemblyName(Built("files", "Upper.dll")).Name, StringComparison.Ordinal);
        var dockerfile = File.ReadAllText(Built("Dockerfile"));
        Assert.StartsWith("FROM own:1\nCOPY files /executor\n", dockerfile, StringComparison.Ordinal);
        Assert.Contains("\"--uses\", \"/executor/Upper.dll\"", dockerfile, StringComparison.Ordinal);
        Assert.Contains("build --build-arg FLOWKIT_IMAGE=own:1 --tag upper:1 ", File.ReadAllText(Path.Combine(_folder.Path, "told")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_executor_of_FlowKits_own_needs_no_files()
    {
        var result = await BuildAsync("ClipTextEncoder", "text:1");

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("\"--uses\", \"ClipTextEncoder\"", File.ReadAllText(Built("Dockerfile")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Built("files")));
    }

    [Fact]
    public async Task A_folder_with_a_yaml_file_is_copied_without_what_a_build_left()
    {
        var executor = Directory.CreateDirectory(Path.Combine(_folder.Path, "mine")).FullName;
        File.WriteAllText(Path.Combine(executor, "executor.yml"), "jtype: ClipTextEncoder\n");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(executor, "data")).FullName, "words.txt"), "a\n");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(executor, "obj")).FullName, "left.txt"), "b\n");

        var result = await BuildAsync(executor, "mine:1");

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("a\n", File.ReadAllText(Built("files", "data", "words.txt")));
        Assert.False(Directory.Exists(Built("files", "obj")));
        Assert.Contains("\"/executor/executor.yml\"", File.ReadAllText(Built("Dockerfile")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Dockerfile_of_its_own_is_taken_as_it_is()
    {
        var executor = Directory.CreateDirectory(Path.Combine(_folder.Path, "mine")).FullName;
        File.WriteAllText(Path.Combine(executor, "Dockerfile"), "FROM scratch\n");

        var result = await BuildAsync(executor, "mine:1", image: "missing");

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("FROM scratch\n", File.ReadAllText(Built("Dockerfile")));
    }

    [Fact]
    public async Task A_build_that_fails_and_an_image_that_is_missing_are_told()
    {
        var failed = await BuildAsync("ClipTextEncoder", "bad:1");
        var missing = await BuildAsync("ClipTextEncoder", "text:1", image: "missing");

        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("build' ended with exit code 3; what is wrong stands above", failed.Errors, StringComparison.Ordinal);
        Assert.NotEqual(0, missing.ExitCode);
        Assert.Contains("FlowKit's own image 'missing' is not on this machine", missing.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'permission denied while connecting' >&2; exit 1", "this user may not ask the engine")]
    [InlineData("echo 'cannot connect to the daemon' >&2; exit 1", "does not run: cannot connect to the daemon; start it, or name another with FLOWKIT_ENGINE")]
    [InlineData("echo nonsense", "does not run")]
    public async Task An_engine_that_does_not_answer_is_told_with_what_to_do(string script, string message)
    {
        var result = await RunAsync(Engine(script), "ClipTextEncoder", "text:1", "own:1");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_told_with_the_variable()
    {
        var result = await RunAsync(Path.Combine(_folder.Path, "no-engine"), "ClipTextEncoder", "text:1", "own:1");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("cannot be started", result.Errors, StringComparison.Ordinal);
        Assert.Contains("correct FLOWKIT_ENGINE", result.Errors, StringComparison.Ordinal);
    }

    private string Built(params string[] parts) => Path.Combine([_folder.Path, "built", .. parts]);

    /// <summary>Answers as Docker does; the image <c>missing</c> is not there, and the tag <c>bad:1</c> does not build.</summary>
    private Task<CommandResult> BuildAsync(string executor, string tag, string image = "own:1") => RunAsync(
        Engine($$$"""
            echo "$*" >> {{{_folder.Path}}}/told
            case "$1 $2 $3" in
              version*) echo '{"Server": {"Os": "linux", "Arch": "amd64"}}' ;;
              "image inspect missing") exit 1 ;;
              build*) case "$*" in *bad:1*) exit 3 ;; esac; for folder; do :; done; cp -r "$folder" {{{_folder.Path}}}/built ;;
            esac
            """),
        executor,
        tag,
        image);

    private string Engine(string script)
    {
        var path = _folder.File("engine", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static async Task<CommandResult> RunAsync(string engine, string executor, string tag, string image)
    {
        var start = FlowKitCommand.StartInfo("build", executor, "-t", tag, "--image", image);
        start.Environment["FLOWKIT_ENGINE"] = engine;
        return await FlowKitCommand.RunAsync(start);
    }
}
