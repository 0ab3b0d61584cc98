using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FlowKit;

/// <summary>Opens files as .NET does not: without waiting for the other end of a pipe, and told what they are.</summary>
internal static partial class UnixFile
{
    private const int ThisFolder = -100;
    private const int EmptyPath = 0x1000;
    private const int NoFollow = 0x100;
    private const uint TypeField = 1;
    private const uint TypeModeAndOwnerFields = 1 | 2 | 8;
    private const int StatxSize = 256;
    private const int StatxOwner = 20;
    private const int StatxMode = 28;
    private const int MacStatSize = 256;
    private const int MacStatMode = 4;
    private const int MacStatOwner = 16;
    private const int TypeMask = 0xF000;
    private const int NoDeviceOrAddress = 6;

    /// <summary>The kinds of files that are not regular, by the bits that say so.</summary>
    private static readonly Dictionary<int, string> s_kinds = new()
    {
        [0x1000] = "a named pipe",
        [0x2000] = "a device",
        [0x4000] = "a folder",
        [0x6000] = "a device",
        [0xC000] = "a socket",
    };

    private static int Flags => OperatingSystem.IsMacOS()
        ? 0x4 | 0x20000 | 0x1000000 // O_NONBLOCK, O_NOCTTY, O_CLOEXEC
        : 0x800 | 0x100 | 0x80000;

    /// <summary>Opens a file for reading, whatever it is, at once.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle Open(string path)
    {
        var descriptor = OpenFile(path, Flags);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        if (error == NoDeviceOrAddress)
        {
            throw new IOException($"'{path}' is a socket and not a regular file", error);
        }

        // Whatever it is, .NET finds the same, and throws its own exceptions.
        File.OpenHandle(path).Dispose();
        throw new IOException($"'{path}': {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    /// <summary>Says what an opened file is; <see langword="null"/> when it is a regular one.</summary>
    public static string? KindOf(SafeFileHandle file) => KindOf(OperatingSystem.IsMacOS() ? MacMode(file) : LinuxMode(file));

    /// <summary>Says what a path leads to, without opening it; <see langword="null"/> when it is a regular file, or nothing.</summary>
    public static string? KindOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> status = stackalloc byte[StatxSize];
        var result = StatXAt(ThisFolder, path, 0, TypeField, ref MemoryMarshal.GetReference(status));
        return KindOf(result == 0 ? MemoryMarshal.Read<ushort>(status[StatxMode..]) : null);
    }

    /// <summary>
    /// Returns what lies at a path, a link itself and not what it leads to; <see langword="null"/> when there is nothing, or it may not be
    /// looked at.
    /// </summary>
    public static UnixStatus? StatusOf(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        ref var first = ref MemoryMarshal.GetReference(status);
        if (OperatingSystem.IsLinux())
        {
            return StatXAt(ThisFolder, path, NoFollow, TypeModeAndOwnerFields, ref first) == 0
                ? new UnixStatus(MemoryMarshal.Read<ushort>(status[StatxMode..]), MemoryMarshal.Read<uint>(status[StatxOwner..]))
                : null;
        }

        var result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? LStat(path, ref first) : LStat64(path, ref first);
        return result == 0
            ? new UnixStatus(MemoryMarshal.Read<ushort>(status[MacStatMode..]), MemoryMarshal.Read<uint>(status[MacStatOwner..]))
            : null;
    }

    /// <summary>
    /// Returns where an opened file lies, all links followed, as the system itself knows it; <see langword="null"/> where it does not say.
    /// </summary>
    public static string? PathOf(SafeFileHandle file) =>
        OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget : null;

    private static string? KindOf(int? mode) => mode is { } known ? s_kinds.GetValueOrDefault(known & TypeMask) : null;

    private static int? LinuxMode(SafeFileHandle file)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        return StatX(file, "", EmptyPath, TypeField, ref MemoryMarshal.GetReference(status)) == 0
            ? MemoryMarshal.Read<ushort>(status[StatxMode..])
            : null;
    }

    private static int? MacMode(SafeFileHandle file)
    {
        Span<byte> status = stackalloc byte[MacStatSize];
        ref var first = ref MemoryMarshal.GetReference(status);
        var result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? FStat(file, ref first) : FStat64(file, ref first);
        return result == 0 ? MemoryMarshal.Read<ushort>(status[MacStatMode..]) : null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatXAt(int folder, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat(string path, ref byte status);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat64(string path, ref byte status);

    [LibraryImport("libc", EntryPoint = "fstat")]
    private static partial int FStat(SafeFileHandle file, ref byte status);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64")]
    private static partial int FStat64(SafeFileHandle file, ref byte status);
}
