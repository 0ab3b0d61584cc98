using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

public sealed class SnapshotTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_snapshot_comes_back_whole_and_survives_a_restart()
    {
        var snapshot = Directory.CreateDirectory(Path.Combine(_folder.Path, "snapshot")).FullName;
        await using (var index = await IndexUnderTest.OpenAsync(_folder.Path))
        {
            index.Index(Doc("a", 1, 0), Doc("b", 0, 1));
            await index.Indexer.SnapshotAsync(snapshot, CancellationToken.None);
            index.Delete("a");
            index.Index(Doc("c", 1, 1));

            await index.Indexer.RestoreAsync(snapshot, CancellationToken.None);

            Assert.Equal(["a", "b"], index.Ids(Doc("q", 2, 1)));
        }

        await using var again = await IndexUnderTest.OpenAsync(_folder.Path);
        Assert.Equal(["a", "b"], again.Ids(Doc("q", 2, 1)));
    }

    [Fact]
    public async Task A_damaged_or_missing_snapshot_changes_nothing()
    {
        var snapshot = Directory.CreateDirectory(Path.Combine(_folder.Path, "snapshot")).FullName;
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        index.Index(Doc("a", 1, 0));

        var missing = await Assert.ThrowsAsync<FlowKitException>(() => index.Indexer.RestoreAsync(snapshot, CancellationToken.None));
        await File.WriteAllTextAsync(Path.Combine(snapshot, "index.db"), new string('x', 8192));
        var damaged = await Assert.ThrowsAsync<FlowKitException>(() => index.Indexer.RestoreAsync(snapshot, CancellationToken.None));

        Assert.Equal((FlowErrorCode.NotFound, FlowErrorCode.DataLoss), (missing.Error.Code, damaged.Error.Code));
        Assert.Equal(["a"], index.Ids(Doc("q", 2, 1)));
    }
}
