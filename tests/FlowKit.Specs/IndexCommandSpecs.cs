using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary><c>flowkit index</c>, as a person at a terminal meets it.</summary>
public sealed class IndexCommandSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Documents_go_in_are_checked_compacted_and_come_out()
    {
        var lines = _folder.File("in.jsonl", string.Concat(Enumerable.Range(0, 40).Select(
            i => $$"""{"id": "d{{i}}", "text": "pear number {{i}}", "embedding": [1, {{i}}]}""" + "\n")));
        var index = Path.Combine(_folder.Path, "index");

        Assert.Contains("40 documents are added", await RunAsync(0, "import", index, lines), StringComparison.Ordinal);
        Assert.Contains("documents  40", await RunAsync(0, "stats", index), StringComparison.Ordinal);
        Assert.Contains("40 documents are as they were written", await RunAsync(0, "verify", index), StringComparison.Ordinal);
        await DamageAsync(Path.Combine(index, "index.db"), "pear number 7\"");
        Assert.Contains("damaged: ", await RunAsync(1, "verify", index), StringComparison.Ordinal);
        Assert.Contains("1 damaged rows are removed", await RunAsync(0, "compact", index), StringComparison.Ordinal);
        Assert.Contains("39 documents are as they were written", await RunAsync(0, "verify", index), StringComparison.Ordinal);
        await RunAsync(0, "export", index, Path.Combine(_folder.Path, "out.jsonl"));
        Assert.Equal(39, File.ReadLines(Path.Combine(_folder.Path, "out.jsonl")).Count());
        Assert.Equal(39, (await RunAsync(0, "export", index, "-")).Split('\n').Count(line => line.StartsWith('{')));
    }

    [Fact]
    public async Task Documents_go_through_Parquet_and_vectors_through_Npy()
    {
        var lines = _folder.File("in.jsonl", string.Concat(Enumerable.Range(0, 5030).Select(
            i => $$"""{"id": "d{{i}}", "text": "pear {{i}}", "tags": {"n": {{i}}}, "_metadata": {"embedding_model": "m@1"}, "embedding": [1, {{i}}.5, -2]}""" + "\n")));
        var (index, parquet, npy, ids) = (Path.Combine(_folder.Path, "index"), Path.Combine(_folder.Path, "a.parquet"), Path.Combine(_folder.Path, "v.npy"), Path.Combine(_folder.Path, "ids.txt"));
        await RunAsync(0, "import", index, lines);
        Assert.Contains("5030 documents are written", await RunAsync(0, "export", index, parquet), StringComparison.Ordinal);
        Assert.Contains("5030 documents are written", await RunAsync(0, "export", index, npy, "--ids", ids), StringComparison.Ordinal);

        var copy = Path.Combine(_folder.Path, "copy");
        Assert.Contains("5030 documents are added", await RunAsync(0, "import", copy, parquet), StringComparison.Ordinal);
        Assert.Contains("model      m@1", await RunAsync(0, "stats", copy), StringComparison.Ordinal);
        Assert.Equal(await LinesAsync(index), await LinesAsync(copy));
        var vectors = Path.Combine(_folder.Path, "vectors");
        Assert.Contains("5030 documents are added", await RunAsync(0, "import", vectors, npy, "--ids", ids, "--model", "m@2"), StringComparison.Ordinal);
        Assert.Contains("model      m@2", await RunAsync(0, "stats", vectors), StringComparison.Ordinal);
        Assert.Equal(["\"d0\"", "\"d1\""], File.ReadLines(ids).Take(2).Select(id => $"\"{id}\""));
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_named()
    {
        var index = Path.Combine(_folder.Path, "index");
        await RunAsync(0, "import", index, _folder.File("in.jsonl", """{"id": "a", "text": "pear", "embedding": [1, 2]}""" + "\n"));
        var parquet = Path.Combine(_folder.Path, "a.parquet");
        await RunAsync(0, "export", index, parquet);
        var whole = await File.ReadAllBytesAsync(parquet);
        var torn = Path.Combine(_folder.Path, "torn.parquet");
        await File.WriteAllBytesAsync(torn, whole[..(whole.Length / 2)]);
        Assert.Contains("torn.parquet: it is no Parquet file, truncated or damaged", await RunAsync(1, "import", index, torn), StringComparison.Ordinal);
        var vectors = _folder.File("a.npy", "no vectors");
        Assert.Contains("a.npy: it is no NPY file", await RunAsync(1, "import", index, vectors), StringComparison.Ordinal);
        Assert.Contains("--ids: the documents of", await RunAsync(1, "import", index, parquet, "--ids", vectors), StringComparison.Ordinal);
        Assert.Contains("--model: the documents of", await RunAsync(1, "import", index, Path.Combine(_folder.Path, "in.jsonl"), "--model", "m"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_an_index_is_an_error_that_names_it()
    {
        var told = await RunAsync(1, "stats", Path.Combine(_folder.Path, "nothing"));

        Assert.Contains("nothing", told, StringComparison.Ordinal);
    }

    private async Task<List<string>> LinesAsync(string index)
    {
        var file = Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.jsonl");
        await RunAsync(0, "export", index, file);
        return [.. File.ReadLines(file).Order(StringComparer.Ordinal)];
    }

    private static async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        var result = await FlowKitCommand.RunAsync(["index", .. arguments]);
        Assert.True(result.ExitCode == exitCode, $"{string.Join(' ', arguments)}: {result.ExitCode}\n{result.Output}{result.Errors}");
        return result.Output + result.Errors;
    }

    /// <summary>Changes one letter of a document where it lies in the file.</summary>
    private static async Task DamageAsync(string file, string text)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        var at = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
        Assert.True(at > 0, $"'{text}' is not in {file}.");
        bytes[at] ^= 0x20;
        await File.WriteAllBytesAsync(file, bytes);
    }
}
