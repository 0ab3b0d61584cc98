namespace FlowKit.Specs.Running;

/// <summary>
/// This build's packages in a folder that is a feed, and a package cache that knows none of FlowKit's: others' packages are links to the
/// machine's cache, so that nothing is asked of the network that is here.
/// </summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    /// <summary>The folder with the packages.</summary>
    public string Path => System.IO.Path.Combine(_folder.Path, "feed");

    /// <summary>The version of the program that was built, and of its packages.</summary>
    public string Version { get; private set; } = "";

    /// <summary>What a restore reads: the feed beside the ordinary source, and the cache.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    public async Task InitializeAsync()
    {
        var version = await FlowKitCommand.RunAsync("--version");
        Version = version.Output.Trim().Split('+')[0];
        LinkCache(Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "packages")).FullName);
        _environment["RestoreAdditionalProjectSources"] = Path;
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        await DotnetCommand.RunAsync(
            Repository.Root,
            new Dictionary<string, string>(),
            Repository.At("eng", "pack.sh"),
            Path,
            "--no-build",
            $"-p:Configuration={configuration}",
            $"-p:MinVerVersionOverride={Version}");
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private void LinkCache(string cache)
    {
        var machine = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
            : System.IO.Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var package in Directory.EnumerateDirectories(machine))
        {
            var name = System.IO.Path.GetFileName(package);
            if (!name.StartsWith("flowkit", StringComparison.OrdinalIgnoreCase))
            {
                Directory.CreateSymbolicLink(System.IO.Path.Combine(cache, name), package);
            }
        }

        _environment["NUGET_PACKAGES"] = cache;
    }
}
