using System.Runtime.InteropServices;

namespace FlowKit.Serving.Gateway;

/// <summary>The number of files, sockets among them, that this process may have open at once.</summary>
internal static partial class OpenFiles
{
    /// <summary>
    /// Raises the limit of this process as far as it may (the runtime does so too, but not everywhere), and returns it;
    /// <see langword="null"/> where there is none.
    /// </summary>
    public static long? Limit()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        // RLIMIT_NOFILE
        var resource = OperatingSystem.IsLinux() ? 7 : 8;
        if (GetLimit(resource, out var limit) != 0)
        {
            return null;
        }

        var raised = new ResourceLimit(limit.Hard, limit.Hard);
        var files = limit.Soft < limit.Hard && SetLimit(resource, in raised) == 0 ? limit.Hard : limit.Soft;

        // RLIM_INFINITY is the greatest number of all on Linux, and half of it on macOS.
        return files >= long.MaxValue ? null : (long)files;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ResourceLimit(ulong Soft, ulong Hard);
}
