using System.Reflection;

namespace FlowKit.Sources.Assemblies;

/// <summary>
/// Describes what executors share with FlowKit, whatever lies beside them: FlowKit's own libraries (a native library can be in a process
/// only once), logging, and all that the .NET runtime brings in the same or a newer version. Everything else is each executor's own.
/// </summary>
internal static class SharedAssemblies
{
    private static readonly string[] s_logging =
        ["Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions"];

    private static readonly Dictionary<string, string> s_known = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The files of all that FlowKit runs with, which one C# file may reference.</summary>
    public static IEnumerable<string> Paths => s_known.Values;

    /// <summary>Tells whether FlowKit has an assembly, as new as is asked for.</summary>
    public static bool Has(AssemblyName name) => s_known.TryGetValue(name.Name!, out var path) && IsAsNew(path, name);

    /// <summary>Tells whether an executor gets FlowKit's, not its own.</summary>
    public static bool IsShared(AssemblyName name)
    {
        if (!s_known.TryGetValue(name.Name!, out var path))
        {
            return false;
        }

        return s_logging.Contains(name.Name) || IsFlowKits(name.Name!)
            || (!IsBesideFlowKit(path) && IsAsNew(path, name));
    }

    private static bool IsAsNew(string path, AssemblyName name) =>
        name.Version is null || AssemblyName.GetAssemblyName(path).Version >= name.Version;

    private static bool IsFlowKits(string name) =>
        name == "Microsoft.ML.OnnxRuntime"
            || (name.StartsWith("FlowKit.", StringComparison.Ordinal) && !name.StartsWith("FlowKit.Executors.", StringComparison.Ordinal));

    private static bool IsBesideFlowKit(string path) =>
        string.Equals(
            Path.GetFullPath(Path.GetDirectoryName(path)!),
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(AppContext.BaseDirectory)),
            StringComparison.Ordinal);
}
