using static FlowKit.Executors.Tests.Encoding.ClipImageEncoderTests;

namespace FlowKit.Executors.Tests.Encoding;

/// <summary>Which of a document's text and picture is embedded, and where a <c>uri</c> is read.</summary>
public sealed class ClipEncoderUriTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text", 0)]
    [InlineData("image", 1)]
    public async Task Of_a_document_with_text_and_uri_the_option_says_which(string prefer, int nearest)
    {
        _folder.Write(Path.Combine("pictures", "dog.jpg"), Picture.Named("dog"));
        await using var flow = await TestFlow.StartAsync($"- {{ uses: ClipEncoder, uses_with: {{ prefer: {prefer}, roots: [pictures] }} }}", _folder.Path);
        var reply = await flow.SendAsync("/", [new Document { Text = "a banana", Uri = "pictures/dog.jpg" }, new Document { Text = "a banana" }, new Document { Blob = Picture.Named("dog") }]);
        Assert.All(reply, document => Assert.Null(document.Error));
        AssertSame(reply[1 + nearest].Embedding!.ToFloats(), reply[0].Embedding!.ToFloats(), 1e-5f);
        Assert.Equal("a banana", reply[0].Text);
    }

    [Fact]
    public async Task A_uri_is_read_from_the_roots_and_from_data_and_stays()
    {
        var picture = Picture.Named("dog");
        _folder.Write(Path.Combine("pictures", "dog.jpg"), picture);
        _folder.Write("secret.jpg", picture);
        await using var flow = await TestFlow.StartAsync("- { uses: ClipEncoder, uses_with: { roots: [pictures], max_bytes: 200000, drop_image_content: true } }", _folder.Path);
        var data = "data:image/jpeg;base64," + Convert.ToBase64String(picture);
        var reply = await flow.SendAsync("/index", [new() { Blob = picture }, new() { Uri = "pictures/dog.jpg" }, new() { Uri = data }, new() { Uri = "secret.jpg" }, new() { Uri = "pictures/cat.jpg" }]);
        AssertSame(reply[0].Embedding!.ToFloats(), reply[1].Embedding!.ToFloats(), 1e-5f);
        AssertSame(reply[0].Embedding!.ToFloats(), reply[2].Embedding!.ToFloats(), 1e-5f);
        Assert.Equal("pictures/dog.jpg", reply[1].Uri);
        Assert.Equal([FlowErrorCode.PermissionDenied, FlowErrorCode.NotFound], reply.Skip(3).Select(document => document.Error!.Code));
        Assert.Equal("uri: 'secret.jpg' is outside the folders that may be read (uses_with.roots: pictures).", reply[3].Error!.Message);
    }
}
