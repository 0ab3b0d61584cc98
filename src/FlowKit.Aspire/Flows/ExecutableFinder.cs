namespace Aspire.Hosting.Flows;

/// <summary>Finds the program of a command, so that one that is not there is told with what to do about it.</summary>
internal static class ExecutableFinder
{
    /// <summary>Checks that a command can be started.</summary>
    /// <param name="resource">The name of the resource, for the message.</param>
    /// <param name="command">The command: a path, or a name that is looked for on the PATH.</param>
    /// <param name="workingDirectory">The folder from which a relative path starts.</param>
    /// <param name="searchPath">The PATH.</param>
    /// <exception cref="DistributedApplicationException">There is no such program.</exception>
    public static void Require(string resource, string command, string workingDirectory, string? searchPath)
    {
        if (command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || command.Contains(Path.AltDirectorySeparatorChar, StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(command, workingDirectory);
            if (!NamesOf(path).Any(File.Exists))
            {
                throw new DistributedApplicationException($"'{resource}' cannot be started: there is no program {path} (WithCommand).");
            }

            return;
        }

        var folders = (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!folders.Any(folder => NamesOf(Path.Combine(folder, command)).Any(File.Exists)))
        {
            throw new DistributedApplicationException(
                $"'{resource}' cannot be started: there is no '{command}' on the PATH. Install it "
                    + "('dotnet tool install --global FlowKit.Tool'), or name another program by WithCommand.");
        }
    }

    private static IEnumerable<string> NamesOf(string path) =>
        OperatingSystem.IsWindows() ? [path, $"{path}.exe", $"{path}.cmd"] : [path];
}
