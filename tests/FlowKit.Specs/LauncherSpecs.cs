using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary><c>./flowkit</c> in a copy of the repository, with a <c>dotnet</c> that only writes down what it is asked.</summary>
public sealed class LauncherSpecs : IDisposable
{
    private readonly LauncherCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Fact]
    public async Task The_first_start_builds_and_the_next_does_not()
    {
        var first = await _copy.RunAsync("list", "two words");
        Assert.Equal(("ran list,two words", 0), (first.Output.Trim(), first.ExitCode));
        Assert.Matches(@"^Building for 'cpu' …\nBuilt for 'cpu' in \d+ s\.\n$", first.Errors);

        var second = await _copy.RunAsync("list");
        Assert.Equal(("ran list", ""), (second.Output.Trim(), second.Errors));
        Assert.Equal(["cpu"], _copy.Builds);
    }

    [Fact]
    public async Task A_build_that_takes_long_tells_every_ten_seconds_how_far_it_is()
    {
        using var copy = new LauncherCopy { BuildSeconds = 12 };
        var result = await copy.RunAsync("list");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^Building for 'cpu' …\nCompiling: FlowKit\.Cli is done, 1 of 2 projects … 1\d s, about 1\d s left\nBuilt for 'cpu' in \d+ s\.\n$", result.Errors);
    }

    [Fact]
    public async Task A_newer_source_a_removed_one_and_another_device_build_again()
    {
        await _copy.RunAsync("list");
        _copy.Touch("src/FlowKit.Cli/Program.cs");
        await _copy.RunAsync("list");
        _copy.Remove("src/FlowKit.Cli/Program.cs");
        await _copy.RunAsync("list");
        await _copy.RunAsync("list");
        await _copy.On("cuda").RunAsync("list");
        await _copy.On("cuda").RunAsync("list");

        Assert.Equal(["cpu", "cpu", "cpu", "cuda"], _copy.Builds);
    }

    [Fact]
    public async Task An_unknown_device_is_refused()
    {
        var result = await _copy.On("tpu").RunAsync("list");

        Assert.Equal((1, "error: FLOWKIT_DEVICE is 'tpu'; expected 'cpu' or 'cuda'.\n"), (result.ExitCode, result.Errors));
    }

    [Fact]
    public async Task What_is_built_starts_without_sources_and_without_any_other_tool()
    {
        await _copy.RunAsync("list");
        _copy.Remove("src");
        _copy.Remove("executors");
        var result = await _copy.WithOnly("bash", "dotnet").RunAsync("list");

        Assert.Equal(("ran list", "", 0), (result.Output.Trim(), result.Errors, result.ExitCode));
    }

    [Fact]
    public async Task FLOWKIT_NO_BUILD_takes_what_is_there_and_says_so_where_nothing_is()
    {
        var nothing = await _copy.WithoutBuild().RunAsync("list");
        Assert.Equal(1, nothing.ExitCode);
        Assert.Matches("^error: .*/flowkit.dll is not built: unset FLOWKIT_NO_BUILD, or take a copy with its sources.\n$", nothing.Errors);

        await _copy.WithBuild().RunAsync("list");
        _copy.Touch("src/FlowKit.Cli/Program.cs");
        Assert.Equal("ran list", (await _copy.WithoutBuild().RunAsync("list")).Output.Trim());
        Assert.Equal(["cpu"], _copy.Builds);
    }

    [Fact]
    public async Task A_missing_dotnet_and_an_SDK_that_is_too_old_are_named()
    {
        var missing = await _copy.WithOnly("bash").RunAsync("list");
        Assert.Equal((1, "error: 'dotnet' is missing: install the .NET 10 SDK and put it on the PATH.\n"), (missing.ExitCode, missing.Errors));

        using var old = new LauncherCopy { Sdk = "8.0.100" };
        var result = await old.RunAsync("list");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("error: building FlowKit needs the .NET SDK 10.0.100 or a later 10.0 one; here is 8.0.100 (of ", result.Errors, StringComparison.Ordinal);
        Assert.Empty(old.Builds);
    }

    [Fact]
    public async Task A_failed_build_tells_each_error_once_and_is_tried_again()
    {
        using var broken = new LauncherCopy { BuildError = "Program.cs(4,7): error CS1002: ; expected" };
        for (var tries = 1; tries <= 2; tries++)
        {
            var result = await broken.RunAsync("list");
            Assert.Equal((1, ""), (result.ExitCode, result.Output));
            Assert.Equal("Building for 'cpu' …\nProgram.cs(4,7): error CS1002: ; expected\nerror: the build failed.\n", result.Errors);
            Assert.Equal(tries, broken.Builds.Count);
        }
    }
}
