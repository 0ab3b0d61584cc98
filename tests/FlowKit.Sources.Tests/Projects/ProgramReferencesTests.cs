using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Sources.Projects;

/// <summary>Projects that reference FlowKit's packages, as 'flowkit new' writes them.</summary>
public sealed class ProgramReferencesTests : IDisposable
{
    private const string Reference =
        "<Reference Include=\"FlowKit.Abstractions\" HintPath=\"$(FlowKitHome)FlowKit.Abstractions.dll\" Private=\"false\" />";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Write(string package, string code)
    {
        ExecutorProject.Write(_folder, "Say", code);
        _folder.Write("Say/Say.csproj", ExecutorProject.Project.Replace(Reference, package, StringComparison.Ordinal));
    }

    /// <summary>No feed has this version: the program's own assemblies stand in for it.</summary>
    [Theory]
    [InlineData("<PackageReference Include=\"FlowKit.Abstractions\" Version=\"999.0.0\" />")]
    [InlineData("<PackageReference Include=\"flowkit.abstractions\" Version=\"999.0.0\" ExcludeAssets=\"runtime\" />")]
    public async Task It_is_built_against_the_program_that_builds_it(string package)
    {
        // Logging is seen through a base class, so that its assembly is needed too.
        const string Logs = """
            public override Task LoadAsync(CancellationToken cancellationToken) =>
                Context.Logger is null ? Task.CompletedTask : base.LoadAsync(cancellationToken);
            """;
        Write(package, ExecutorProject.Says("typeof(Executor).Assembly.GetName().Name", members: Logs));

        await using var flow = await ExecutorProject.StartAsync(_folder, "./Say");

        Assert.Equal("FlowKit.Abstractions", await ExecutorProject.AskAsync(flow));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "Say", "bin", "Release", "net10.0", "FlowKit.Abstractions.dll")));
    }

    [Fact]
    public async Task A_package_that_is_not_FlowKits_is_still_looked_for()
    {
        Write(
            "<PackageReference Include=\"FlowKit.Abstractions\" Version=\"999.0.0\" />"
            + "<PackageReference Include=\"FlowKit.NoSuchPackage\" Version=\"1.0.0\" />",
            ExecutorProject.Says("\"\""));

        var refused = await Assert.ThrowsAsync<FlowConfigException>(() => ExecutorProject.StartAsync(_folder, "./Say"));

        Assert.Contains("FlowKit.NoSuchPackage", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("FlowKit.Abstractions", refused.Message, StringComparison.Ordinal);
    }
}
