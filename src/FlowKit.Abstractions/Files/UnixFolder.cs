using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FlowKit;

/// <summary>
/// Removes a folder of a Linux system with all in it. It goes by open folders and never by paths, so that nobody who can write there can
/// have it follow a link by putting one where a folder was.
/// </summary>
internal static partial class UnixFolder
{
    private const int ThisFolder = -100;
    private const int RemovesFolder = 0x200;
    private const int NotThere = 2;

    // O_DIRECTORY and O_NOFOLLOW have other values on ARM; O_CLOEXEC has the same.
    private static int Flags =>
        0x80000 | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 | 0x8000 : 0x10000 | 0x20000);

    /// <summary>Removes it; what is no folder, or is not there, is left as it is.</summary>
    /// <exception cref="IOException">Something in it cannot be removed.</exception>
    public static void Remove(string path)
    {
        using (var folder = Open(ThisFolder, path))
        {
            if (folder is null)
            {
                return;
            }

            Empty(folder);
        }

        Unlink(ThisFolder, path, RemovesFolder);
    }

    private static void Empty(SafeFileHandle folder)
    {
        var own = (int)folder.DangerousGetHandle();
        var listed = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{own}");
        foreach (var name in Directory.GetFileSystemEntries(listed).Select(entry => Path.GetFileName(entry)))
        {
            using var inner = Open(own, name);
            if (inner is not null)
            {
                Empty(inner);
            }

            Unlink(own, name, inner is null ? 0 : RemovesFolder);
        }
    }

    /// <returns><see langword="null"/> for what is no folder or cannot be opened, a link included.</returns>
    private static SafeFileHandle? Open(int above, string name) =>
        OpenAt(above, name, Flags) is >= 0 and var folder ? new SafeFileHandle(folder, ownsHandle: true) : null;

    private static void Unlink(int above, string name, int flags)
    {
        if (UnlinkAt(above, name, flags) != 0 && Marshal.GetLastPInvokeError() is not NotThere and var error)
        {
            throw new IOException($"'{name}' cannot be removed: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnlinkAt(int folder, string path, int flags);
}
