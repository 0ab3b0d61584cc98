namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>The reason that an engine gives when it does not start a container, with the next step.</summary>
internal static class EngineFailure
{
    /// <summary>The exit code of <c>docker run</c> that is the engine's own.</summary>
    public const int Code = 125;

    private const string Mark = "Error response from daemon: ";

    /// <param name="lines">The last lines of the command.</param>
    public static string? Find(IReadOnlyList<string> lines)
    {
        if (lines is not [.., var last])
        {
            return null;
        }

        var line = lines.LastOrDefault(line => line.Contains("rror", StringComparison.Ordinal)) ?? last;
        var at = line.IndexOf(Mark, StringComparison.Ordinal);
        var said = at < 0 ? line : line[(at + Mark.Length)..];
        return $"{said.TrimEnd('.')}; {NextStep(said)}";
    }

    private static string NextStep(string said)
    {
        return said switch
        {
            _ when Says("port is already allocated") || Says("address already in use") =>
                "stop what uses the port, or leave 'port' out to have a free one",
            _ when Says("could not select device driver") => "install NVIDIA's container toolkit, or leave 'gpus' out",
            _ when Says("network") && Says("not found") => "make the network, or correct docker_kwargs.network",
            _ when Says("no such user") || Says("unable to find user") => "correct 'user'",
            _ when Says("bind source path does not exist") =>
                "make the folder, or correct 'volumes'; the engine must run on this machine",
            _ => "correct the executor's keys, and 'docker_kwargs' first",
        };

        bool Says(string words) => said.Contains(words, StringComparison.OrdinalIgnoreCase);
    }
}
