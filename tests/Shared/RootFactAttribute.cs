namespace FlowKit.Tests;

/// <summary>A fact for which files are given to another user, which only root may do.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
        ? null
        : "Only root on Linux can give a file to another user.";
}
