using System.Reflection;
using FlowKit.Conformance;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>Every member of an open set is held against the suite of its set: a member that is added without it fails here.</summary>
public sealed class ConformanceSpecs
{
    /// <summary>The product's assemblies, which lie beside this one.</summary>
    private static readonly Assembly[] s_product =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name == "flowkit" || name.StartsWith("FlowKit.", StringComparison.Ordinal))
            .Where(name => name != typeof(ConformanceSpecs).Assembly.GetName().Name && name != typeof(ConformanceSuiteAttribute).Assembly.GetName().Name)
            .Select(Assembly.Load),
    ];

    private static readonly Assembly s_serving = s_product.Single(assembly => assembly.GetName().Name == "FlowKit.Serving");

    private static readonly Type[] s_suites =
        [.. typeof(ConformanceSuiteAttribute).Assembly.GetTypes().Where(type => type.IsDefined(typeof(ConformanceSuiteAttribute)))];

    public static TheoryData<Type> Suites => [.. s_suites];

    [Fact]
    public void Every_open_set_has_a_suite() => Assert.Equal(
        ["CompatFamily", "FormatDecoder", "IExecutorLauncher", "IFlowProtocol", "IVectorStore"],
        s_suites.Select(suite => SetOf(suite).Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Suites))]
    public void Every_member_inherits_the_suite_of_its_set(Type suite)
    {
        var set = SetOf(suite);
        var members = s_product.SelectMany(assembly => assembly.GetTypes()).Where(type => set.IsAssignableFrom(type) && !type.IsAbstract).ToList();
        var held = TestClasses().Where(suite.IsAssignableFrom)
            .Select(type => type.GetCustomAttribute<ConformanceOfAttribute>()?.Member)
            .ToHashSet();

        Assert.NotEmpty(members);
        Assert.All(members, member => Assert.True(
            held.Contains(member),
            $"No class of tests inherits {suite.Name} for {member.FullName}: write one with [ConformanceOf(typeof({member.Name}))] in the tests of {member.Assembly.GetName().Name}."));
    }

    [Fact]
    public void Every_class_that_inherits_a_suite_says_for_which_member() => Assert.All(
        TestClasses().Where(type => s_suites.Any(suite => suite.IsAssignableFrom(type))),
        type => Assert.True(type.IsDefined(typeof(ConformanceOfAttribute)), $"{type.FullName} has no [ConformanceOf(typeof(…))]."));

    /// <summary>A class that hands requests to the flow belongs to a protocol, which lies in the same folder.</summary>
    [Fact]
    public void Every_folder_with_a_way_into_the_flow_has_a_protocol()
    {
        var protocol = Serving("Dispatch.IFlowProtocol");
        Type[] ways = [Serving("Dispatch.FlowDispatcher"), Serving("Gateway.Grpc.IJinaCalls")];
        var folders = s_serving.GetTypes()
            .Where(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .SelectMany(constructor => constructor.GetParameters())
                .Any(parameter => ways.Any(way => way.IsAssignableFrom(parameter.ParameterType))))
            .Select(type => type.Namespace!)
            .Distinct()
            .ToList();

        Assert.InRange(folders.Count, 5, 100);
        Assert.All(folders, folder => Assert.True(
            s_serving.GetTypes().Any(type => type.Namespace == folder && protocol.IsAssignableFrom(type)),
            $"{folder} hands requests to the flow, and none of its classes is an IFlowProtocol."));
    }

    private static Type SetOf(Type suite) => suite.GetCustomAttribute<ConformanceSuiteAttribute>()!.Set;

    private static Type Serving(string name) => s_serving.GetType($"FlowKit.Serving.{name}", throwOnError: true)!;

    /// <summary>The classes of all projects of tests that know the suites.</summary>
    private static IEnumerable<Type> TestClasses() =>
        from project in Directory.EnumerateFiles(Repository.At("tests"), "*.Tests.csproj", SearchOption.AllDirectories)
        where File.ReadAllText(project).Contains("FlowKit.Conformance.csproj", StringComparison.Ordinal)
        from type in Load(Path.GetFileNameWithoutExtension(project)).GetExportedTypes()
        where !type.IsAbstract
        select type;

    private static Assembly Load(string project)
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var path = Path.Combine(folder.Parent!.Parent!.FullName, project, folder.Name, $"{project}.dll");
        Assert.True(File.Exists(path), $"{path} is not there; build FlowKit.sln first.");
        return Assembly.LoadFrom(path);
    }
}
