using System.Reflection;

namespace FlowKit.Sources.Assemblies;

/// <summary>What an assembly is for, told before it is loaded.</summary>
public sealed class AssemblyFactsTests
{
    private static readonly AssemblyName s_abstractions = typeof(Executor).Assembly.GetName();

    [Theory]
    [InlineData(".NETFramework,Version=v4.8", "it is compiled for .NET Framework (.NETFramework,Version=v4.8); compile it for net10.0")]
    [InlineData(".NETCoreApp,Version=v99.0", "it is compiled for .NET 99.0, and this is .NET 10.0; compile it for net10.0, or run FlowKit on the newer one")]
    public void One_for_another_NET_is_refused_with_what_to_compile_for(string framework, string refusal) =>
        Assert.Equal(refusal, new AssemblyFacts(framework, []).Refusal);

    [Theory]
    [InlineData(".NETCoreApp,Version=v10.0")]
    [InlineData(".NETCoreApp,Version=v6.0")]
    [InlineData(".NETCoreApp,Version=vNext")]
    [InlineData(".NETStandard,Version=v2.0")]
    [InlineData("")]
    public void One_for_this_NET_or_an_older_one_is_taken(string framework) => Assert.Null(new AssemblyFacts(framework, [s_abstractions]).Refusal);

    [Fact]
    public void One_of_a_newer_FlowKit_is_refused_with_both_versions()
    {
        var newer = new AssemblyName("FlowKit.Abstractions") { Version = new Version(s_abstractions.Version!.Major + 1, 0, 0, 0) };

        Assert.Equal(
            $"it is compiled against FlowKit {newer.Version}, and this is {s_abstractions.Version}; compile it against this one, or update FlowKit",
            new AssemblyFacts(".NETCoreApp,Version=v10.0", [newer]).Refusal);
    }

    [Fact]
    public void An_assembly_says_its_framework_and_its_references()
    {
        var facts = AssemblyFacts.Read(typeof(AssemblyFactsTests).Assembly.Location);

        Assert.Equal(".NETCoreApp,Version=v10.0", facts.Framework);
        Assert.Contains(facts.References, static name => name.Name == "FlowKit.Sources");
    }
}
