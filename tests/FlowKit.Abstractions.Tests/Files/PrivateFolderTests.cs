using System.Runtime.Versioning;
using FlowKit.Tests;

namespace FlowKit.Files;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateFolderTests : IDisposable
{
    private const UnixFileMode Open = (UnixFileMode)0b111_101_101;

    private readonly string _folder = Directory.CreateTempSubdirectory("flowkit-private-").FullName;

    public void Dispose() => UnfinishedFolder.Remove(_folder);

    [UnixFact]
    public void One_that_is_made_is_private_with_all_above_it_whatever_the_umask()
    {
        var inner = Path.Combine(_folder, "a", "b");

        Assert.True(PrivateFolder.TryCreate(inner));

        Assert.True(PrivateFolder.TryCreate(inner));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(inner)!));
    }

    [UnixFact]
    public void Another_mode_a_link_or_a_file_is_not_taken()
    {
        var open = Directory.CreateDirectory(Path.Combine(_folder, "open"), Open).FullName;
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, _folder);
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        Assert.All([open, link, file], path => Assert.False(PrivateFolder.TryCreate(path)));
        Assert.True(PrivateFolder.IsOwn(open));
        Assert.True(PrivateFolder.IsOwn(link));
        File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);
        Assert.False(PrivateFolder.IsOwn(open));
    }

    [RootFact]
    public void Another_users_is_not_taken()
    {
        var foreign = PrivateFolder.Create(Path.Combine(_folder, "foreign")).FullName;

        ForeignOwner.Give(foreign);

        Assert.False(PrivateFolder.TryCreate(foreign));
        Assert.False(PrivateFolder.IsOwn(foreign));
        Assert.False(AdminTokenFile.TryWrite(Path.Combine(foreign, "admin-1"), "token"));
        Assert.Empty(Directory.GetFileSystemEntries(foreign));
    }
}
