using System.Runtime.Versioning;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Orchestration.Launching;

[UnsupportedOSPlatform("windows")]
public sealed class WorkerSocketTests : IDisposable
{
    private static readonly ProcessMark s_dead = ProcessMark.Own with { Id = 4_000_000, Started = 1 };

    private readonly TemporaryFolder _folder = new();

    private string Above => Path.Combine(_folder.Path, "run");

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public void What_a_killed_process_left_is_taken_away_and_what_lives_stays()
    {
        var dead = Planted(s_dead);
        var alive = Planted(ProcessMark.Own);
        var elsewhere = Planted(s_dead with { Place = "0123456789ab" });
        var unknown = PrivateFolder.Create(Path.Combine(Above, "w-4000000-1-x")).FullName;

        Assert.Equal(Above, WorkerSocket.FindAbove(Above));

        Assert.False(Directory.Exists(dead));
        Assert.All([alive, elsewhere], folder => Assert.True(File.Exists(Path.Combine(folder, "s"))));
        Assert.True(Directory.Exists(unknown));
    }

    [UnixFact]
    public void Another_mode_a_link_or_further_files_are_left_with_all_in_them()
    {
        var open = Planted(s_dead);
        File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);
        var victim = Directory.CreateDirectory(Path.Combine(_folder.Path, "victim")).FullName;
        File.WriteAllText(Path.Combine(victim, "s"), "");
        Directory.CreateSymbolicLink(NameFor(s_dead), victim);
        var filled = Planted(s_dead);
        var inner = Directory.CreateDirectory(Path.Combine(filled, "z0")).FullName;
        File.WriteAllText(Path.Combine(inner, "s"), "");

        WorkerSocket.FindAbove(Above);

        Assert.All([open, victim, inner], folder => Assert.True(File.Exists(Path.Combine(folder, "s"))));
    }

    [RootFact]
    public void Another_users_is_left_with_all_in_it()
    {
        var foreign = Planted(s_dead);
        ForeignOwner.Give(foreign);

        WorkerSocket.FindAbove(Above);

        Assert.True(File.Exists(Path.Combine(foreign, "s")));
    }

    [UnixFact]
    public void A_folder_above_that_others_can_enter_or_that_makes_a_path_too_long_is_not_taken()
    {
        Directory.CreateDirectory(Above, (UnixFileMode)0b111_101_101);
        var dead = Planted(s_dead);

        Assert.Null(WorkerSocket.FindAbove(Above));
        Assert.Null(WorkerSocket.FindAbove(Path.Combine(_folder.Path, new string('x', 60))));
        Assert.Null(WorkerSocket.FindAbove(null));
        Assert.True(File.Exists(Path.Combine(dead, "s")));
    }

    [UnixTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_has_a_private_folder_that_is_gone_with_it(bool hasAbove)
    {
        string folder;
        using (var socket = WorkerSocket.CreateIn(hasAbove ? WorkerSocket.FindAbove(Above) : null))
        {
            folder = Path.GetDirectoryName(socket.Path)!;
            Assert.Equal(folder, Path.GetDirectoryName(socket.IpcPath));
            Assert.True(PrivateFolder.IsPrivate(folder));
            File.WriteAllText(socket.Path, "");
        }

        Assert.False(Directory.Exists(folder));
    }

    private string NameFor(ProcessMark mark) => Path.Combine(Above, $"{WorkerSocket.Prefix}{mark.Text}-{Guid.NewGuid():N}");

    private string Planted(ProcessMark mark)
    {
        PrivateFolder.Create(Above);
        var folder = PrivateFolder.Create(NameFor(mark)).FullName;
        File.WriteAllText(Path.Combine(folder, "s"), "");
        return folder;
    }
}
