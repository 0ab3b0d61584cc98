using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Says what a file of a Unix system is, and whose.</summary>
/// <param name="Mode">Its type and its mode.</param>
/// <param name="Owner">The number of its user.</param>
internal readonly partial record struct UnixStatus(int Mode, uint Owner)
{
    private const int TypeMask = 0xF000;
    private const int FolderType = 0x4000;
    private const int OfOthers = 0x3F;
    private const int OfOwner = 0x1C0;
    private const int WritableByAll = 0x2;

    /// <summary>Indicates whether it belongs to the user of this process.</summary>
    public bool IsOwn => Owner == EffectiveUser();

    /// <summary>Indicates whether it is a folder of this process's user that nobody else may enter, read or write, and no link.</summary>
    public bool IsPrivateFolder => (Mode & TypeMask) == FolderType && (Mode & (OfOwner | OfOthers)) == OfOwner && IsOwn;

    /// <summary>Indicates whether it is a folder of this process's user, and no link, in which not everybody may put something.</summary>
    public bool IsOwnFolder => (Mode & TypeMask) == FolderType && (Mode & WritableByAll) == 0 && IsOwn;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
