using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Client.Tests;

public sealed class InputsTests
{
    [Fact]
    public async Task Everything_that_can_be_a_document_becomes_one()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "a.bin");
        await File.WriteAllBytesAsync(file, [1, 2, 3]);
        var document = new Document("own");

        var made = await Inputs.Of(document, "text", new byte[] { 4 }, new ReadOnlyMemory<byte>([5]), new[] { 1f, 2f }, NdArray.Wrap(new byte[] { 6, 7 }, 2), new Uri("http://localhost/x.png"), new FileInfo(file)).ToListAsync();

        Assert.Same(document, made[0]);
        Assert.Equal("text", made[1].Text);
        Assert.Equal(new byte[] { 4, 5 }, made[2].Blob!.Value.ToArray().Concat(made[3].Blob!.Value.ToArray()));
        Assert.Equal(new[] { 1f, 2f }, made[4].Embedding!.ToFloats());
        Assert.Equal("uint8 [2]", made[5].Tensor!.ToString());
        Assert.Equal("http://localhost/x.png", made[6].Uri);
        Assert.Equal((3, file), (made[7].Blob!.Value.Length, made[7].Uri));
    }

    [Fact]
    public async Task Texts_files_blobs_and_vectors_have_ways_of_their_own()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "a.bin");
        await File.WriteAllBytesAsync(file, [1]);

        Assert.Equal(["a", "b"], await Inputs.Texts("a", "b").Select(document => document.Text).ToListAsync());
        Assert.Equal(["a", "", "b"], await Inputs.TextLines(new MemoryStream([.. "a\n\nb\n"u8])).Select(document => document.Text).ToListAsync());
        Assert.Equal("b", (await Inputs.JsonLines(new MemoryStream([.. """{"text": "b"}"""u8])).SingleAsync()).Text);
        Assert.Equal(file, (await Inputs.Files(file).SingleAsync()).Uri);
        Assert.Equal((await Inputs.Files(file).SingleAsync()).Id, (await Inputs.Files(file).SingleAsync()).Id);
        Assert.Equal(2, (await Inputs.Files(file, file).Select(document => document.Id).ToListAsync()).Distinct().Count());
        Assert.Equal(2, await Inputs.Blobs(new byte[] { 1 }, new byte[] { 2 }).CountAsync());
        Assert.Equal(new[] { 3f, 4f }, (await Rows().LastAsync()).Embedding!.ToFloats());
    }

    private static IAsyncEnumerable<Document> Rows() => Vectors(1, 2, 3, 4);

    private static IAsyncEnumerable<Document> Vectors(params ReadOnlySpan<float> rows) => Inputs.Vectors(rows, 2);

    [Fact]
    public async Task What_cannot_be_one_is_named()
    {
        Assert.Contains("Int32", (await Assert.ThrowsAsync<FlowKitException>(async () => await Inputs.Of(5).ToListAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("no-such-file", (await Assert.ThrowsAsync<FlowKitException>(async () => await Inputs.Files("no-such-file").ToListAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("3 numbers", Assert.Throws<FlowKitException>(() => Vectors(1, 2, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_refused_at_once()
    {
        using var folder = new TempFolder();
        var pipe = SpecialFile.Pipe(Path.Combine(folder.Path, "a.jpg"));

        var refused = await Assert.ThrowsAsync<FlowKitException>(async () => await Inputs.Files(pipe).ToListAsync().AsTask().WithTimeout());

        Assert.Equal($"The file '{pipe}' cannot be read: '{pipe}' is a named pipe and not a regular file", refused.Message);
    }
}
