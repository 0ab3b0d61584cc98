using System.Runtime.InteropServices;
using System.Text;

namespace FlowKit.Orchestration.Devices;

/// <summary>
/// Takes a variable out of the environment that native libraries read. On Unix .NET changes only its own copy, while the CUDA library reads
/// the process's: it would find <c>RR</c> in <c>CUDA_VISIBLE_DEVICES</c>, which names no device, and show none.
/// </summary>
internal static class NativeVariable
{
    /// <summary>Removes it. To be called before the first model is loaded, while no other thread reads native variables.</summary>
    /// <param name="name">The variable.</param>
    public static void Remove(string name)
    {
        Environment.SetEnvironmentVariable(name, null);
        if (!OperatingSystem.IsWindows())
        {
            _ = Unset(Encoding.UTF8.GetBytes(name + '\0'));
        }
    }

    [DllImport("libc", EntryPoint = "unsetenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unset(byte[] name);
}
