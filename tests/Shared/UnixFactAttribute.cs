namespace FlowKit.Tests;

/// <summary>A fact about modes and owners of files, which Windows does not have.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no modes of files." : null;
}
