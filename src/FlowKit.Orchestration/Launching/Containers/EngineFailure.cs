namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>What an engine says when it does not start a container, with the next step.</summary>
internal static class EngineFailure
{
    /// <summary>The exit code of <c>docker run</c> that is the engine's own.</summary>
    public const int Code = 125;

    private const string Mark = "Error response from daemon: ";

    /// <param name="lines">The last lines of the command.</param>
    public static string? Find(IReadOnlyList<string> lines)
    {
        var line = lines.LastOrDefault(line => line.Contains("rror", StringComparison.Ordinal)) ?? (lines is [.., var last] ? last : null);
        var said = line is null ? null : line.IndexOf(
            Mark, StringComparison.Ordinal) is >= 0 and var at ? line[(at + Mark.Length)..] : line;
        return said is null ? null : $"{said.TrimEnd('.')}; {NextStep(said)}";
    }

    private static string NextStep(string said) =>
        said.Contains("port is already allocated", StringComparison.OrdinalIgnoreCase)
            || said.Contains("address already in use", StringComparison.OrdinalIgnoreCase)
            ? "stop what uses the port, or leave 'port' out to have a free one"
        : said.Contains(
            "could not select device driver",
            StringComparison.OrdinalIgnoreCase) ? "install NVIDIA's container toolkit, or leave 'gpus' out"
        : said.Contains("network", StringComparison.OrdinalIgnoreCase)
            && said.Contains("not found", StringComparison.OrdinalIgnoreCase) ? "make the network, or correct docker_kwargs.network"
        : said.Contains("no such user", StringComparison.OrdinalIgnoreCase)
            || said.Contains("unable to find user", StringComparison.OrdinalIgnoreCase) ? "correct 'user'"
        : said.Contains(
            "bind source path does not exist",
            StringComparison.OrdinalIgnoreCase) ? "make the folder, or correct 'volumes'; the engine must run on this machine"
        : "correct the executor's keys, and 'docker_kwargs' first";
}
