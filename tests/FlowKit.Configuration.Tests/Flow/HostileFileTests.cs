using System.Globalization;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Configuration.Flow;

/// <summary>Files that name files must not cost more than one file may.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Eight_levels_of_files_are_read_and_nine_are_not()
    {
        Write(9, level => $"executors:\n  - {{name: a, uses: {level + 1}.yml}}\n");
        _folder.Write("8.yml", "executors:\n  - name: end\n");
        Assert.Equal(9, Read("0.yml").Files.Count);
        _folder.Write("8.yml", "executors:\n  - {name: a, uses: 9.yml}\n");
        _folder.Write("9.yml", "executors:\n  - name: end\n");
        Assert.Equal(
            "files inside files are read at most 8 deep: 0.yml → 1.yml → 2.yml → 3.yml → 4.yml → 5.yml → 6.yml → 7.yml → 8.yml → 9.yml",
            Refuse("0.yml").Errors[0].Message);
    }

    [Fact]
    public void Flows_that_multiply_are_refused_soon()
    {
        Write(8, level => "executors:\n" + string.Concat(Enumerable.Range(0, 100).Select(index => $"  - {{name: e{index}, uses: {level + 1}.yml}}\n")));
        _folder.Write("8.yml", "executors:\n" + string.Concat(Enumerable.Repeat("  - uses: A\n", 900)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(Refuse("0.yml").Errors, error => error.Message.EndsWith("with those of the flows inside", StringComparison.Ordinal));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512L << 20);
    }

    [Fact]
    public void More_than_256_files_are_refused()
    {
        Write(300, _ => "jtype: A\n");
        _folder.Write("flow.yml", "executors:\n" + string.Concat(Enumerable.Range(0, 300).Select(index => $"  - uses: {index}.yml\n")));
        Assert.Equal("more than 256 files", Refuse("flow.yml").Errors[0].Message);
        Assert.Equal(44, Refuse("flow.yml").Errors.Count);
    }

    [Fact]
    public void A_file_that_contains_itself_by_a_link_is_refused()
    {
        var path = _folder.Write("flow.yml", "executors:\n  - {name: a, uses: link.yml}\n");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.yml"), path);
        Assert.Contains("a file cannot contain itself: flow.yml → link.yml → link.yml", Refuse("flow.yml").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_contains_a_file_that_contains_it_is_refused()
    {
        _folder.Write("inner.yml", "executors:\n  - {name: a, uses: inner.yml}\n");
        var exception = Assert.Throws<FlowConfigException>(() => FlowConfigReader.ReadText(
            "executors:\n  - {name: a, uses: inner.yml}\n", "flow.yml", new FlowReadOptions { BaseDirectory = _folder.Path }));
        Assert.Equal("inner.yml:2:21: executors.a.uses: a file cannot contain itself: flow.yml → inner.yml → inner.yml", exception.Message);
    }

    [Theory]
    [InlineData("large.yml", "the file is larger than 1024 KiB, which no flow needs")]
    [InlineData("deep.yml", "nested deeper than 64 levels")]
    [InlineData("folder.yml", "the file 'folder.yml' does not exist")]
    public void A_hostile_file_is_refused_at_its_place(string name, string expected)
    {
        _folder.Write("large.yml", new string('#', (1 << 20) + 1));
        _folder.Write("deep.yml", "a: " + new string('[', 100));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "folder.yml"));
        _folder.Write("flow.yml", $"executors:\n  - uses: {name}\n");
        Assert.Equal(expected, Assert.Single(Refuse("flow.yml").Errors).Message);
    }

    private void Write(int count, Func<int, string> text)
    {
        for (var level = 0; level < count; level++)
        {
            _folder.Write(level.ToString(CultureInfo.InvariantCulture) + ".yml", text(level));
        }
    }

    private FlowConfig Read(string name) => FlowConfigReader.Read(Path.Combine(_folder.Path, name));

    private FlowConfigException Refuse(string name) => Assert.Throws<FlowConfigException>(() => Read(name));
}
