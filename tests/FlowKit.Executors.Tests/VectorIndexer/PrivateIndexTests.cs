using System.Runtime.Versioning;
using FlowKit.Tests;
using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateIndexTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public async Task Nobody_else_may_read_a_file_of_an_index_or_of_its_snapshot()
    {
        var snapshot = Directory.CreateDirectory(Path.Combine(_folder.Path, "snapshot")).FullName;
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        index.Index(Doc("a", 1, 0));
        await index.Indexer.SnapshotAsync(snapshot, CancellationToken.None);

        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);

        Assert.Equal(
            ["index.db", "index.db", "index.db-shm", "index.db-wal", "index.lock"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    [UnixFact]
    public async Task A_mode_that_the_owner_has_chosen_stays()
    {
        await using (await IndexUnderTest.OpenAsync(_folder.Path))
        {
        }

        var file = Path.Combine(_folder.Path, "index.db");
        File.SetUnixFileMode(file, OwnerOnly | UnixFileMode.GroupRead);
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        index.Index(Doc("a", 1, 0));

        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, File.GetUnixFileMode(file));
    }
}
