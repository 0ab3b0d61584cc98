using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Sources.Projects;

/// <summary>What a build says, in the words of the compiler, the restore and MSBuild.</summary>
public sealed class BuildResultTests
{
    private const string Project = "/code/my/My.csproj";

    [Theory]
    [InlineData("/code/my/A.cs(3,7): error CS0103: The name 'x' does not exist [/code/my/My.csproj]", "/code/my/A.cs:3:7: CS0103: The name 'x' does not exist")]
    [InlineData("/code/my/A.cs(3,7,3,9): error CS0103: The name 'x' does not exist", "/code/my/A.cs:3:7: CS0103: The name 'x' does not exist")]
    [InlineData("/code/my/My.csproj(12): error MSB4066: bad [/code/my/My.csproj]", "/code/my/My.csproj:12:0: MSB4066: bad")]
    [InlineData("MSBUILD : error MSB1009: Project file does not exist.", "/code/my/My.csproj: MSB1009: Project file does not exist.")]
    [InlineData("/code/my/My.csproj : error NU1101: Unable to find package A. [/code/my/My.csproj]", "/code/my/My.csproj: NU1101: Unable to find package A.; check its name and version, or add the source that has it to a nuget.config beside it")]
    [InlineData("/code/my/My.csproj : error NU1301: Unable to load the service index.", "/code/my/My.csproj: NU1301: Unable to load the service index.; the source cannot be reached: check the network, or restore once where it can be")]
    [InlineData("/code/my/My.csproj : error NU1202: Package A is not compatible.", "/code/my/My.csproj: NU1202: Package A is not compatible.; it must be for net10.0 or older")]
    [InlineData("/sdk/x.targets(266,5): error NETSDK1004: Assets file not found.", "/sdk/x.targets:266:5: NETSDK1004: Assets file not found.; it has not been restored")]
    public void A_mistake_has_its_place_and_its_next_step(string line, string expected) =>
        Assert.Equal(expected, new BuildResult(1, "", $"Determining projects to restore...\n{line}\n").ToException(Project).Message);

    [Fact]
    public void A_build_that_fails_without_a_mistake_shows_its_last_lines()
    {
        var error = Assert.Throws<FlowConfigException>(() => new BuildResult(134, "four\n\nfive", "one\ntwo\nthree").AssemblyOf(Project));

        Assert.Equal($"{Project}: the build ended with 134: three | four | five", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("""{"Properties": {"TargetPath": "/nowhere/My.dll"}}""")]
    [InlineData("""{"Properties": {"TargetPath": "", "TargetFrameworks": "net9.0;net10.0"}}""")]
    public void A_project_that_makes_no_single_assembly_is_told(string output)
    {
        var error = Assert.Throws<FlowConfigException>(() => new BuildResult(0, output, "").AssemblyOf(Project));

        Assert.StartsWith($"{Project}: TargetFrameworks: the project makes no single assembly; expected one TargetFramework, net", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_frameworks_the_one_that_was_named_counts()
    {
        var path = typeof(BuildResultTests).Assembly.Location;
        var output = $$$"""{"Properties": {"TargetPath": "{{{path}}}", "TargetFrameworks": "net9.0;net10.0"}}""";

        Assert.Equal(path, new BuildResult(0, output, "") { IsOfOneFramework = true }.AssemblyOf(Project));
        Assert.Throws<FlowConfigException>(() => new BuildResult(0, output, "").AssemblyOf(Project));
    }
}
