using System.Diagnostics;

namespace FlowKit.Specs;

/// <summary>A fact for which the system calls of a process are recorded, and which says so when they cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TracerFactAttribute : FactAttribute
{
    public const string ExecutablePath = "/usr/bin/strace";

    private static readonly Lazy<bool> s_works = new(Works);

    public TracerFactAttribute() => Skip = s_works.Value ? null : "strace is not installed or may not trace here (Debian: apt-get install strace).";

    private static bool Works()
    {
        if (!File.Exists(ExecutablePath))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(ExecutablePath, ["-f", "-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
