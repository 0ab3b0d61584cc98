using FlowKit.Tests;

namespace FlowKit.Files;

public sealed class WholeFileTests
{
    [Fact]
    public void A_file_is_replaced_and_its_folder_made()
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-whole").FullName;
        var path = Path.Combine(folder, "a", "b.txt");

        WholeFile.Write(path, "one");
        WholeFile.Write(path, "zwö");

        Assert.Equal("zwö", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        Directory.Delete(folder, recursive: true);
    }

    [SmallDiskFact]
    public void A_full_disk_leaves_the_file_as_it_was_and_nothing_half()
    {
        using var disk = new SmallDisk(256);
        var path = disk.At("card.json");
        WholeFile.Write(path, "before");
        var filler = disk.Fill();

        var full = Assert.Throws<FlowKitException>(() => WholeFile.Write(path, new byte[100_000]));

        Assert.Equal((FlowErrorCode.ResourceExhausted, $"'{path}' cannot be written: the disk is full; free some space, or name a folder on another disk"), (full.Error.Code, full.Message));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path, filler], Directory.EnumerateFiles(disk.Path).Order(StringComparer.Ordinal));
        File.Delete(filler);
        WholeFile.Write(path, "after");
        Assert.Equal("after", File.ReadAllText(path));
    }

    [SmallDiskFact]
    public void A_read_only_disk_is_told()
    {
        using var disk = new SmallDisk(256);
        disk.Protect(isReadOnly: true);

        var refused = Assert.Throws<FlowKitException>(() => WholeFile.Write(disk.At("x"), "y"));

        Assert.Equal(FlowErrorCode.FailedPrecondition, refused.Error.Code);
        Assert.Contains("it is on a read-only disk", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_regular_file_is_written_as_it_is()
    {
        WholeFile.Write("/dev/null", "nobody reads this");
        Assert.False(File.Exists("/dev/null.part"));
    }

    [Theory]
    [InlineData(28, FlowErrorCode.ResourceExhausted, "the disk is full")]
    [InlineData(122, FlowErrorCode.ResourceExhausted, "quota")]
    [InlineData(27, FlowErrorCode.ResourceExhausted, "larger than the system lets a file be")]
    [InlineData(30, FlowErrorCode.FailedPrecondition, "read-only disk")]
    [InlineData(5, FlowErrorCode.Unavailable, "the disk fails")]
    [InlineData(40, FlowErrorCode.FailedPrecondition, "something else")]
    public void What_the_system_says_becomes_an_error_that_says_what_to_do(int number, FlowErrorCode code, string part)
    {
        var error = FileFailure.OfWriting("the snapshot '/s'", new IOException("something else", number));

        Assert.Equal(code, error.Error.Code);
        Assert.StartsWith("the snapshot '/s' cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(code == FlowErrorCode.ResourceExhausted, FileFailure.IsNoRoom(error.InnerException!));
    }
}
