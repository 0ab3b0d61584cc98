using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Sources.Projects;

public sealed class ProjectExecutorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string> RefuseAsync(string uses) =>
        (await Assert.ThrowsAsync<FlowConfigException>(() => ExecutorProject.StartAsync(_folder, uses))).Message;

    [Fact]
    public async Task A_folder_is_built_when_its_sources_are_newer_and_only_then()
    {
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("Words.One"));
        _folder.Write("Say/Words/Words.cs", "internal static class Words { public const string One = \"one\"; }");
        await using (var flow = await ExecutorProject.StartAsync(_folder, "./Say"))
        {
            Assert.Equal("one", await ExecutorProject.AskAsync(flow));
        }

        var built = Path.Combine(_folder.Path, "Say", "bin", "Release", "net10.0", "Say.dll");
        var first = File.GetLastWriteTimeUtc(built);
        await using (var flow = await ExecutorProject.StartAsync(_folder, "./Say/Say.csproj#Say"))
        {
            Assert.Equal("one", await ExecutorProject.AskAsync(flow));
        }

        Assert.Equal(first, File.GetLastWriteTimeUtc(built));
        _folder.Write("Say/Words/Words.cs", "internal static class Words { public const string One = \"two\"; }");
        await using (var flow = await ExecutorProject.StartAsync(_folder, "./Say"))
        {
            Assert.Equal("two", await ExecutorProject.AskAsync(flow));
        }
    }

    [Fact]
    public async Task Mistakes_are_told_as_the_compiler_does_and_a_mended_one_is_gone()
    {
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("nonsense"));
        _folder.Write("Say/More.cs", "internal sealed class More { int number = \"text\"; }");

        var errors = (await Assert.ThrowsAsync<FlowConfigException>(() => ExecutorProject.StartAsync(_folder, "Say/"))).Errors;

        Assert.Equal(
            [
                $"{Path.Combine(_folder.Path, "Say", "Code.cs")}:9:24: CS0103: The name 'nonsense' does not exist in the current context",
                $"{Path.Combine(_folder.Path, "Say", "More.cs")}:1:43: CS0029: Cannot implicitly convert type 'string' to 'int'",
            ],
            errors.Select(error => error.ToString()));
    }

    [Fact]
    public async Task A_change_in_a_project_that_it_references_is_a_change_of_its_own()
    {
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("Lib.Word"), "<ItemGroup><ProjectReference Include=\"../Lib/Lib.csproj\" /></ItemGroup>");
        ExecutorProject.Write(_folder, "Lib", "public static class Lib { public static string Word => \"one\"; }");
        await using var flow = await ExecutorProject.StartAsync(_folder, "./Say");
        Assert.Equal("one", await ExecutorProject.AskAsync(flow));

        _folder.Write("Lib/Code.cs", "public static class Lib { public static string Word => \"two\"; }");
        await flow.ApplyAsync(ExecutorProject.Flow("./Say"));

        Assert.Equal("two", await ExecutorProject.AskAsync(flow));
    }

    [Fact]
    public async Task An_executors_own_file_may_name_the_project_that_it_lies_in()
    {
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("word", members: "public Say(string word) => this.word = word; private readonly string word;") + "public sealed class Other : Executor;");
        _folder.Write("Say/config.yml", "jtype: .#Say\nwith: {word: one}\nmetas: {py_modules: [say.py]}\n");

        await using var flow = await ExecutorProject.StartAsync(_folder, "Say/config.yml");

        Assert.Equal("one", await ExecutorProject.AskAsync(flow));
    }

    [Theory]
    [InlineData("./nothing", "neither a folder nor a project is at '{0}/nothing'")]
    [InlineData("./empty", "no project is in the folder '{0}/empty'; 'flowkit new executor NAME' makes one")]
    [InlineData("./two", "2 projects are in the folder '{0}/two'; name one of them: A.csproj, B.csproj")]
    public async Task What_is_no_project_is_told_with_the_next_step(string uses, string message)
    {
        _folder.Write("empty/readme.txt", "");
        _folder.Write("two/A.csproj", ExecutorProject.Project);
        _folder.Write("two/B.csproj", ExecutorProject.Project);

        Assert.Equal($"flow.yml:4:11: uses: {message.Replace("{0}", _folder.Path, StringComparison.Ordinal)}", await RefuseAsync(uses));
    }

    [Theory]
    [InlineData("net99.0", "NETSDK1045: The current .NET SDK does not support targeting .NET 99.0.")]
    [InlineData("netstandard2.0", "CS")]
    public async Task A_wrong_target_framework_is_told(string framework, string message)
    {
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("\"one\""));
        _folder.Write("Say/Say.csproj", ExecutorProject.Project.Replace("net10.0", framework, StringComparison.Ordinal));

        Assert.Contains(message, await RefuseAsync("./Say"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_target_frameworks_is_built_for_the_one_that_runs_here()
    {
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("\"one\""));
        _folder.Write("Say/Say.csproj", ExecutorProject.Project.Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net10.0;net10.0</TargetFrameworks>", StringComparison.Ordinal));

        await using var flow = await ExecutorProject.StartAsync(_folder, "./Say");

        Assert.Equal("one", await ExecutorProject.AskAsync(flow));
    }

    [Fact]
    public async Task A_package_that_does_not_restore_is_told_with_the_next_step()
    {
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("\"one\""), "<ItemGroup><PackageReference Include=\"FlowKit.Is.Not.There\" Version=\"1.2.3\" /></ItemGroup>");
        _folder.Write("nuget.config", "<configuration><packageSources><clear /><add key=\"feed\" value=\"feed\" /></packageSources></configuration>");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "feed"));

        var message = await RefuseAsync("./Say");

        Assert.StartsWith($"{Path.Combine(_folder.Path, "Say", "Say.csproj")}: NU1101: ", message, StringComparison.Ordinal);
        Assert.EndsWith("; check its name and version, or add the source that has it to a nuget.config beside it", message, StringComparison.Ordinal);
    }

    /// <summary>A real host without an SDK, as on a machine that only runs programs.</summary>
    [Fact]
    public void A_machine_without_an_SDK_is_told_what_to_install()
    {
        var host = Environment.ProcessPath!;
        var root = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location))))!;
        var dotnet = Path.Combine(_folder.Path, "dotnet");
        File.Copy(Path.Combine(root, "dotnet"), dotnet);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "host"), Path.Combine(root, "host"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "shared"), Path.Combine(root, "shared"));
        ExecutorProject.Write(_folder, "Say", ExecutorProject.Says("\"one\""));

        foreach (var command in new[] { dotnet, Path.Combine(_folder.Path, "no-such-dotnet") })
        {
            var project = Path.Combine(_folder.Path, "Say", "Say.csproj");
            var exception = Assert.Throws<FlowKitException>(() => new DotnetSdk(command).Build(project));
            Assert.Equal($"the .NET 10 SDK is needed to build it, and '{command}' does not have it; install the SDK, or build elsewhere and write 'uses: path/to/the.dll'.", exception.Message);
        }
    }
}
