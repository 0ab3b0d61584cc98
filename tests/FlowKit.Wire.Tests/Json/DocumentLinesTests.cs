using System.Text;
using FlowKit.Wire.Json;

namespace FlowKit.Wire.Tests.Json;

public sealed class DocumentLinesTests
{
    [Fact]
    public async Task Each_line_is_a_document_and_empty_ones_are_passed_over()
    {
        var read = await ReadAsync("{\"id\": \"a\", \"text\": \"one\", \"chunks\": [{\"text\": \"part\"}]}\n\n  \n{\"text\": \"zwei ü\", \"embedding\": [1, 2]}");

        Assert.Equal([1, 4], read.Select(line => line.Number));
        Assert.Equal(["one", "zwei ü"], read.Select(line => line.Document.Text));
        Assert.Equal(("a", 1u), (read[0].Document.Chunks[0].ParentId, read[0].Document.Chunks[0].Granularity));
        Assert.Equal([1f, 2f], read[1].Document.Embedding!.ToFloats());
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[{\"text\": \"a list\"}]")]
    [InlineData("{\"text\": \"one\"} {\"text\": \"two\"}")]
    [InlineData("{\"text\": 1.5, \"tags\": 7}")]
    [InlineData("{\"text\": \"half a pair \\ud800\"}")]
    [InlineData("{\"text\": \"cut")]
    public async Task A_line_that_is_no_document_is_told_by_its_number_and_the_others_are_read(string line)
    {
        var told = new List<string>();
        var read = await ReadAsync($"{{\"text\": \"before\"}}\n{line}\n{{\"text\": \"after\"}}", exception => told.Add(exception.Message));

        Assert.Equal(["before", "after"], read.Select(found => found.Document.Text));
        Assert.StartsWith("Line 2 is no document: ", Assert.Single(told), StringComparison.Ordinal);
        await Assert.ThrowsAsync<FlowKitException>(() => ReadAsync(line));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_an_error_instead_of_other_letters()
    {
        var exception = await Assert.ThrowsAsync<FlowKitException>(
            () => TextLines.ReadAsync(new MemoryStream([.. "good\n"u8, 0xE4, .. "pfel\n"u8])).ToListAsync().AsTask());

        Assert.Equal((FlowErrorCode.InvalidArgument, true), (exception.Error.Code, exception.Message.Contains("not UTF-8", StringComparison.Ordinal)));
    }

    private static async Task<List<(long Number, Document Document)>> ReadAsync(string lines, Action<FlowKitException>? unreadable = null) =>
        await DocumentLines.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(lines)), unreadable).ToListAsync();
}
