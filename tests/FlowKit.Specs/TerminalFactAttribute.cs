namespace FlowKit.Specs;

/// <summary>A fact that needs a terminal, which <c>script</c> makes, and says so when it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute() => Skip = OperatingSystem.IsLinux() && File.Exists("/usr/bin/script") ? null : "script, which makes a terminal, is not installed (Debian: apt-get install bsdutils).";
}
