using System.Runtime.InteropServices;

namespace FlowKit.Orchestration.Launching;

/// <summary>Sends the signals by which processes are ended in good order.</summary>
public static class Signals
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private const int ParentDeathSignal = 1;

    /// <summary>The user and group of this process, as <c>uid:gid</c>; <see langword="null"/> where the system has no such ids.</summary>
    internal static string? UserId =>
        OperatingSystem.IsWindows()
            ? null
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{EffectiveUser()}:{EffectiveGroup()}");

    /// <summary>Asks a process to stop.</summary>
    internal static void Terminate(int process)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(process, Sigterm);
        }
    }

    /// <summary>
    /// Has the system end this process when its parent ends, even by kill -9; asked for by the child, since the parent cannot.
    /// </summary>
    /// <param name="parent">The parent's process id.</param>
    /// <returns>False when the parent has ended already.</returns>
    public static bool DieWithParent(int parent)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        _ = Prctl(ParentDeathSignal, Sigkill, 0, 0, 0);
        return ParentId() == parent;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveGroup();

    [DllImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ParentId();
}
