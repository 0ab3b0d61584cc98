using System.Reflection;
using FlowKit.Runtime;
using Microsoft.Extensions.Logging;

namespace FlowKit.Specs;

/// <summary>Whoever filters logs by their ids must find each event once.</summary>
public sealed class EventIdSpecs
{
    /// <summary>FlowKit's own assemblies; those of executors log under categories of their own.</summary>
    private static readonly Assembly[] s_assemblies =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name == "flowkit" || (name.StartsWith("FlowKit.", StringComparison.Ordinal) && !name.StartsWith("FlowKit.Executors.", StringComparison.Ordinal)))
            .Select(Assembly.Load),
    ];

    private static List<(int Id, string Name)> Events() =>
    [
        .. from assembly in s_assemblies
           from type in assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let log = method.GetCustomAttribute<LoggerMessageAttribute>()
           where log is not null
           select (log.EventId, $"{type.FullName}.{method.Name}"),
    ];

    [Fact]
    public void No_two_events_have_one_id() =>
        Assert.Empty(Events().GroupBy(log => log.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(log => log.Name))}"));

    [Fact]
    public void Every_event_is_in_the_one_list_and_the_list_has_no_other()
    {
        var list = typeof(FlowRuntime).Assembly.GetType("FlowKit.Telemetry.EventIds")!.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => field.IsLiteral).Select(field => (int)field.GetRawConstantValue()!).Order();

        Assert.Equal(list, Events().Select(log => log.Id).Order());
    }
}
