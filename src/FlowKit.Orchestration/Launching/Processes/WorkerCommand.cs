using System.Diagnostics;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>The command that starts FlowKit's program: the one that runs now, or the one beside the program that hosts the flow.</summary>
internal static class WorkerCommand
{
    private const string Program = "flowkit";

    /// <exception cref="FlowKitException">It is not there.</exception>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, $"{Program}.dll");
        if (!File.Exists(assembly))
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"a process of its own needs FlowKit's program, and '{assembly}' is not there; "
                    + "reference FlowKit.Cli, or leave 'runtime' out");
        }

        return new ProcessStartInfo(Host(), [assembly, .. arguments]);
    }

    private static string Host()
    {
        if (Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet")
        {
            return path;
        }

        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host)
        {
            return host;
        }

        return Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root && File.Exists(Path.Combine(root, "dotnet"))
            ? Path.Combine(root, "dotnet")
            : "dotnet";
    }
}
