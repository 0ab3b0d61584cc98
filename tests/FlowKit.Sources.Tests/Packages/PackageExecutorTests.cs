using FlowKit.Configuration.Diagnostics;
using FlowKit.Sources.Projects;
using FlowKit.TestKit;

namespace FlowKit.Sources.Packages;

public sealed class PackageExecutorTests : IDisposable
{
    /// <summary>A source in a folder, and packages that stay in this test's own.</summary>
    private const string Settings = """
        <configuration>
          <config><add key="globalPackagesFolder" value="packages" /></config>
          <packageSources><clear /><add key="feed" value="feed" /></packageSources>
        </configuration>
        """;

    private const string Packed = """
        <PropertyGroup>
          <Version>1.2.3</Version><Authors>me</Authors><Description>Says a word.</Description>
          <GeneratePackageOnBuild>true</GeneratePackageOnBuild><PackageOutputPath>../feed</PackageOutputPath>
        </PropertyGroup>
        """;

    private readonly TempFolder _folder = new();

    public PackageExecutorTests()
    {
        _folder.Write("nuget.config", Settings);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "feed"));
    }

    public void Dispose() => _folder.Dispose();

    private void Pack(string name, string code, string more = "")
    {
        ExecutorProject.Write(_folder, name, code, Packed + more);
        var result = DotnetSdk.Default.Build(Path.Combine(_folder.Path, name, $"{name}.csproj"));
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    private async Task<string> RefuseAsync(string uses) =>
        (await Assert.ThrowsAsync<FlowConfigException>(() => ExecutorProject.StartAsync(_folder, uses))).Message;

    [Fact]
    public async Task A_package_is_restored_with_the_packages_that_it_needs()
    {
        Pack("Words", "public static class Words { public static string One => \"one\"; }");
        Pack("My.Say", ExecutorProject.Says("Words.One"), "<ItemGroup><PackageReference Include=\"Words\" Version=\"1.2.3\" /></ItemGroup>");

        await using var flow = await ExecutorProject.StartAsync(_folder, "nuget://My.Say@1.2.3");

        Assert.Equal("one", await ExecutorProject.AskAsync(flow));
        Assert.True(Directory.Exists(Path.Combine(_folder.Path, "packages", "my.say", "1.2.3")));
        Assert.Contains("'nuget://My.Say@1.2.3' holds no executor named 'Other'; it holds Say", await RefuseAsync("nuget://My.Say@1.2.3#Other"), StringComparison.Ordinal);
        Assert.Contains("'nuget://Words@1.2.3' holds no executor; it needs a public class derived from Executor", await RefuseAsync("nuget://Words@1.2.3"), StringComparison.Ordinal);
        Assert.Matches("NU1102: Unable to find package My.Say with version .*; check its name and version, or add the source", (await RefuseAsync("nuget://My.Say@9.9.9")).ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task A_package_that_is_nowhere_is_told_with_the_next_step()
    {
        var message = await RefuseAsync("nuget://FlowKit.Is.Not.There@1.0.0");

        Assert.Contains("NU1101: Unable to find package FlowKit.Is.Not.There.", message, StringComparison.Ordinal);
        Assert.EndsWith("; check its name and version, or add the source that has it to a nuget.config beside it", message, StringComparison.Ordinal);
    }
}
