namespace FlowKit.Tests;

/// <summary>A theory about modes and owners of files, which Windows does not have.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no modes of files." : null;
}
