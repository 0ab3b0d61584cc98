namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>The result of a command of the engine.</summary>
/// <param name="ExitCode">The exit code; 0 for success.</param>
/// <param name="Output">The text that it wrote to standard output.</param>
/// <param name="Errors">The text that it wrote to standard error.</param>
internal sealed record EngineAnswer(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line that says what went wrong.</summary>
    public string LastError =>
        Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last]
            ? last
            : $"exit code {ExitCode}";
}
