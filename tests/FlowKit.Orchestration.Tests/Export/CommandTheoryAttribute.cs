namespace FlowKit.Orchestration.Export;

/// <summary>A theory that needs a command, and says so when there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CommandTheoryAttribute : TheoryAttribute
{
    /// <param name="command">The command, with arguments that ask nothing of it but that it is there.</param>
    public CommandTheoryAttribute(params string[] command) => Skip = Command.WhyMissing(command);
}
