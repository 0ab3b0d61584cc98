namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>How a command of the engine ended.</summary>
/// <param name="ExitCode">0 when well.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Errors">What went wrong, in its words.</param>
internal sealed record EngineAnswer(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line that says what went wrong.</summary>
    public string LastError =>
        Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last]
            ? last
            : $"exit code {ExitCode}";
}
