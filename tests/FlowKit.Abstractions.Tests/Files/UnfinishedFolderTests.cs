namespace FlowKit.Files;

public sealed class UnfinishedFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowkit-unfinished-").FullName;

    public void Dispose() => UnfinishedFolder.Remove(_folder);

    [Fact]
    public void All_of_a_folder_goes_and_what_its_links_lead_to_stays()
    {
        var (removed, victim) = (Folder("removed"), Folder("victim"));
        File.WriteAllText(Path.Combine(victim, "kept"), "");
        File.WriteAllText(Path.Combine(removed, ".hidden"), "");
        File.WriteAllText(Path.Combine(Folder("removed/a/b"), "file"), "");
        Directory.CreateSymbolicLink(Path.Combine(removed, "a", "link"), victim);

        UnfinishedFolder.Remove(removed);

        Assert.False(Path.Exists(removed));
        Assert.True(File.Exists(Path.Combine(victim, "kept")));
    }

    [Fact]
    public void A_link_a_file_and_what_is_not_there_are_left_as_they_are()
    {
        var victim = Folder("victim");
        File.WriteAllText(Path.Combine(victim, "kept"), "");
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, victim);

        UnfinishedFolder.Remove(link);
        UnfinishedFolder.Remove(Path.Combine(victim, "kept"));
        UnfinishedFolder.Remove(Path.Combine(_folder, "nothing"));

        Assert.True(File.Exists(Path.Combine(link, "kept")));
    }

    [Fact]
    public async Task Folders_that_become_links_meanwhile_are_not_followed()
    {
        var victim = Folder("victim");
        for (var number = 0; number < 50; number++)
        {
            File.WriteAllText(Path.Combine(victim, $"{number}"), "");
        }

        using var stop = new CancellationTokenSource();
        var removed = Folder("removed");
        var attacker = Task.Run(() => Exchange(removed, victim, stop.Token));
        for (var round = 0; round < 300; round++)
        {
            UnfinishedFolder.Remove(removed);
        }

        await stop.CancelAsync();
        await attacker;

        Assert.Equal(50, Directory.GetFiles(victim).Length);
    }

    [Fact]
    public void Nothing_else_removes_folders_with_all_in_them()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "FlowKit.sln")))
        {
            root = root.Parent!;
        }

        var found = new[] { "src", "executors" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root.FullName, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => File.ReadAllText(file) is var text
                && (text.Contains("recursive: true", StringComparison.Ordinal) || text.Contains(".Delete(true)", StringComparison.Ordinal)));

        Assert.Equal("UnfinishedFolder.cs", Assert.Single(found.Select(Path.GetFileName)));
    }

    /// <summary>Makes folders and turns them into links as fast as they are removed.</summary>
    private static void Exchange(string removed, string victim, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            for (var number = 0; number < 10; number++)
            {
                var inner = Path.Combine(removed, $"z{number}");
                try
                {
                    Directory.CreateDirectory(inner);
                    Directory.Delete(inner);
                    Directory.CreateSymbolicLink(inner, victim);
                }
                catch (IOException)
                {
                    // It was removed first.
                }
            }
        }
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
}
