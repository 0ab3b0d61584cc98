using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>Starts FlowKit's program: the one that runs now, or the one beside the program that hosts the flow.</summary>
internal static class WorkerCommand
{
    private const string Program = "flowkit";

    /// <exception cref="FlowKitException">It is not there.</exception>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments) => StartInfo(AppContext.BaseDirectory, arguments);

    /// <inheritdoc cref="StartInfo(IEnumerable{string})"/>
    /// <param name="folder">The folder of the program that runs.</param>
    /// <param name="arguments">The worker's arguments.</param>
    internal static ProcessStartInfo StartInfo(string folder, IEnumerable<string> arguments)
    {
        var assembly = Path.Combine(folder, $"{Program}.dll");
        if (!File.Exists(assembly))
        {
            throw Missing(
                $"'{assembly}' is not there; reference the package FlowKit, which brings it (not as one file), or leave 'runtime' out");
        }

        if (File.Exists(Path.ChangeExtension(assembly, ".runtimeconfig.json")))
        {
            return new ProcessStartInfo(Host(), [assembly, .. arguments]);
        }

        // The package brings the assembly alone: what it needs is part of the host's program, in the versions that the host has.
        var (assemblies, runtime) = OfHost(folder);
        return new ProcessStartInfo(Host(), ["exec", "--depsfile", assemblies, "--runtimeconfig", runtime, assembly, .. arguments]);
    }

    private static (string Assemblies, string Runtime) OfHost(string folder)
    {
        const string Ending = ".deps.json";
        var assemblies = ((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "").Split(';')
            .Concat(Directory.EnumerateFiles(folder, $"*{Ending}"))
            .Where(path => path.EndsWith(Ending, StringComparison.Ordinal))
            .FirstOrDefault(path => Path.GetDirectoryName(path) == Path.TrimEndingDirectorySeparator(folder));
        var runtime = assemblies is null ? "" : $"{assemblies[..^Ending.Length]}.runtimeconfig.json";
        return File.Exists(runtime) && !File.ReadAllText(runtime).Contains("\"includedFrameworks\"", StringComparison.Ordinal)
            ? (assemblies!, runtime)
            : throw Missing(
                "this program was published with a runtime of its own, or without its list of assemblies; "
                + "publish it with '--self-contained false', or leave 'runtime' out");
    }

    /// <summary>The command <c>dotnet</c> of the runtime that runs this program.</summary>
    private static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var ofRuntime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(ofRuntime) ? ofRuntime : "dotnet";
    }

    private static FlowKitException Missing(string why) =>
        new(FlowErrorCode.FailedPrecondition, $"a process of its own needs FlowKit's program, and {why}");
}
