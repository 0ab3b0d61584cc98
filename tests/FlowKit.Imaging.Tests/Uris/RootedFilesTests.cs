namespace FlowKit.Imaging.Uris;

public sealed class RootedFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowkit-roots-").FullName;
    private readonly string _root;
    private readonly string _secret;

    public RootedFilesTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        _secret = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName, "a.txt");
        File.WriteAllText(_secret, "pear");
    }

    public void Dispose() => UnfinishedFolder.Remove(_folder);

    [Fact]
    public async Task A_file_below_a_root_that_is_itself_a_link_is_read_and_one_that_leads_out_is_refused()
    {
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, _root);
        await File.WriteAllTextAsync(Path.Combine(_root, "a.txt"), "apple");
        File.CreateSymbolicLink(Path.Combine(_root, "out.txt"), _secret);

        Assert.Equal("apple"u8.ToArray(), (await Files(link).ReadAsync("link/a.txt", CancellationToken.None)).ToArray());
        var refused = await Assert.ThrowsAsync<FlowKitException>(() => Files(link).ReadAsync("link/out.txt", CancellationToken.None));

        Assert.Equal(FlowErrorCode.PermissionDenied, refused.Error.Code);
        Assert.Equal($"uri: 'link/out.txt' is outside the folders that may be read (uses_with.roots: {link}).", refused.Message);
    }

    /// <summary>The opened file is asked: at the path there may be another by then.</summary>
    [Fact]
    public async Task The_place_that_is_asked_about_is_that_of_the_opened_file()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var swapped = Path.Combine(_root, "a.txt");
        File.CreateSymbolicLink(swapped, _secret);
        var asked = new List<string>();

        var read = await RegularFile.ReadWhereAsync(swapped, place => { asked.Add(place); return false; }, 100, Timeout.InfiniteTimeSpan, CancellationToken.None);

        Assert.Null(read);
        Assert.Equal([_secret], asked);
    }

    [Fact]
    public async Task A_link_that_is_put_there_between_looking_and_opening_leads_nowhere()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(_root, "f")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.txt"), "apple");
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() => Swap(folder, stop.Token));
        var files = Files(_root);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 20_000 && (round < 3000 || read == 0 || refused == 0); round++)
        {
            try
            {
                Assert.Equal("apple"u8.ToArray(), (await files.ReadAsync("root/f/a.txt", CancellationToken.None)).ToArray());
                read++;
            }
            catch (FlowKitException exception)
            {
                refused += exception.Error.Code == FlowErrorCode.PermissionDenied ? 1 : 0;
            }
        }

        await stop.CancelAsync();
        await swapping;

        Assert.True(read > 0 && refused > 0, $"{read} were read and {refused} refused");
    }

    /// <summary>A folder of the root is turned into a link to another place and back.</summary>
    private void Swap(string folder, CancellationToken cancellationToken)
    {
        var (aside, link) = (Path.Combine(_folder, "aside"), Path.Combine(_folder, "swap"));
        Directory.CreateSymbolicLink(link, Path.GetDirectoryName(_secret)!);
        while (!cancellationToken.IsCancellationRequested)
        {
            Directory.Move(folder, aside);
            Directory.Move(link, folder);
            Directory.Move(folder, link);
            Directory.Move(aside, folder);
        }
    }

    private RootedFiles Files(string root) => new([root], _folder, 1000, TimeSpan.FromSeconds(10));
}
