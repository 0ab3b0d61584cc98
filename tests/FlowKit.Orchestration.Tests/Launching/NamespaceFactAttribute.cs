using System.Diagnostics;

namespace FlowKit.Orchestration.Launching;

/// <summary>A fact that makes a PID namespace, and says so where the system does not allow it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute() => Skip = CanUnshare() ? null : "This system allows no PID namespace.";

    private static bool CanUnshare()
    {
        try
        {
            using var tried = Process.Start(new ProcessStartInfo("unshare", ["-p", "-f", "--mount-proc", "true"]) { RedirectStandardError = true })!;
            tried.WaitForExit();
            return tried.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
