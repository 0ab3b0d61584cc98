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
    public async Task A_folder_without_an_index_is_an_error_that_names_it()
    {
        var told = await RunAsync(1, "stats", Path.Combine(_folder.Path, "nothing"));

        Assert.Contains("nothing", told, StringComparison.Ordinal);
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
