using static FlowKit.Executors.Tests.Indexing.IndexUnderTest;

namespace FlowKit.Executors.Tests.Indexing;

public sealed class DamagedIndexTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_no_database_is_an_error_that_names_it()
    {
        _folder.Write("index.db", new byte[10_000]);
        await AssertRefusedAsync(FlowErrorCode.DataLoss, "index.db");
        Assert.Equal(10_000, new FileInfo(_folder.At("index.db")).Length);
    }

    [Fact]
    public async Task A_database_damaged_inside_is_an_error_that_names_it()
    {
        await using (var index = await IndexUnderTest.OpenAsync(_folder.Path))
        {
            index.Index([.. Enumerable.Range(0, 500).Select(i => Doc($"d{i}", [.. Enumerable.Range(0, 64).Select(k => (float)(i + k))]))]);
        }

        var path = _folder.At("index.db");
        var bytes = await File.ReadAllBytesAsync(path);
        new Random(1).NextBytes(bytes.AsSpan(8192, bytes.Length - 8192));
        await File.WriteAllBytesAsync(path, bytes);
        await AssertRefusedAsync(FlowErrorCode.DataLoss, "index.db");
    }

    [Fact]
    public async Task A_workspace_that_cannot_be_written_is_an_error_that_names_it()
    {
        Directory.CreateDirectory(_folder.At("index.lock"));
        await AssertRefusedAsync(FlowErrorCode.FailedPrecondition, _folder.Path);
    }

    [Fact]
    public async Task A_database_that_cannot_be_opened_is_an_error_that_names_it()
    {
        Directory.CreateDirectory(_folder.At("index.db"));
        await AssertRefusedAsync(FlowErrorCode.FailedPrecondition, "index.db");
    }

    [Fact]
    public async Task After_a_failed_start_the_folder_is_free_again()
    {
        Directory.CreateDirectory(_folder.At("index.db"));
        await AssertRefusedAsync(FlowErrorCode.FailedPrecondition, "index.db");
        Directory.Delete(_folder.At("index.db"));
        await using var index = await IndexUnderTest.OpenAsync(_folder.Path);
        index.Index(Doc("a", 1));
    }

    private async Task AssertRefusedAsync(FlowErrorCode code, string names)
    {
        var error = await Assert.ThrowsAsync<FlowKitException>(() => IndexUnderTest.OpenAsync(_folder.Path));
        Assert.Equal(code, error.Error.Code);
        Assert.Contains(names, error.Message, StringComparison.Ordinal);
    }
}
