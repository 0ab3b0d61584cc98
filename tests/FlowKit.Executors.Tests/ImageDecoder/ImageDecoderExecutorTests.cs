namespace FlowKit.Executors.Tests.Decoding;

public sealed class ImageDecoderExecutorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public ImageDecoderExecutorTests()
    {
        _folder.Write("inside/dog.jpg", Picture.Named("dog"));
        _folder.Write("outside/dog.jpg", Picture.Named("dog"));
        _folder.Write("inside/large.jpg", new byte[5000]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_blob_becomes_pixels()
    {
        var document = await DecodeAsync(new Document { Blob = Picture.Named("dog") });

        Assert.Null(document.Error);
        Assert.Equal(Picture.Pixels(Picture.Named("dog")).Bytes.ToArray(), document.Tensor!.Bytes.ToArray());
        Assert.Null(document.Blob);
    }

    [Fact]
    public async Task A_data_uri_is_read_in_both_encodings()
    {
        var bytes = Picture.Named("dog");
        var percent = string.Concat(bytes.Select(value => $"%{value:X2}"));

        Assert.Equal(3, (await DecodeAsync(new Document { Uri = "data:image/jpeg;base64," + Convert.ToBase64String(bytes) })).Tensor!.Rank);
        Assert.Equal(3, (await DecodeAsync(new Document { Uri = "data:image/jpeg," + percent })).Tensor!.Rank);
    }

    [Theory]
    [InlineData("inside/dog.jpg")]
    [InlineData("./inside/../inside/dog.jpg")]
    [InlineData("file")]
    public async Task A_file_inside_the_roots_is_read(string uri)
    {
        var name = uri == "file" ? new Uri(_folder.At("inside", "dog.jpg")).AbsoluteUri : uri;

        Assert.Equal(3, (await DecodeAsync(new Document { Uri = name })).Tensor!.Rank);
    }

    [Theory]
    [InlineData("outside/dog.jpg", FlowErrorCode.PermissionDenied, "outside the folders")]
    [InlineData("inside/../outside/dog.jpg", FlowErrorCode.PermissionDenied, "outside the folders")]
    [InlineData("/etc/passwd", FlowErrorCode.PermissionDenied, "outside the folders")]
    [InlineData("file:///etc/passwd", FlowErrorCode.PermissionDenied, "outside the folders")]
    [InlineData("inside/link.jpg", FlowErrorCode.PermissionDenied, "outside the folders")]
    [InlineData("inside/none.jpg", FlowErrorCode.NotFound, "does not exist")]
    [InlineData("inside/large.jpg", FlowErrorCode.PayloadTooLarge, "5000 bytes")]
    [InlineData("data:image/jpeg;base64,@@@", FlowErrorCode.InvalidArgument, "base64")]
    [InlineData("data:image/jpeg", FlowErrorCode.InvalidArgument, "comma")]
    [InlineData("http://example.invalid/a.jpg", FlowErrorCode.PermissionDenied, "may not fetch")]
    [InlineData("http://169.254.169.254/latest", FlowErrorCode.PermissionDenied, "may not fetch")]
    public async Task Anything_else_is_refused_on_that_document_alone(string uri, FlowErrorCode code, string why)
    {
        File.CreateSymbolicLink(_folder.At("inside", "link.jpg"), _folder.At("outside", "dog.jpg"));

        var reply = await RunAsync("max_bytes: 4900", new Document("bad") { Uri = uri }, new Document("good") { Blob = Picture.Named("dog") });

        Assert.Equal(code, reply[0].Error!.Code);
        Assert.Contains(why, reply[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(("bad", "decoder"), (reply[0].Error!.DocumentId, reply[0].Error!.Executor));
        Assert.Equal(3, reply[1].Tensor!.Rank);
    }

    [Fact]
    public async Task Text_and_tensors_pass_untouched()
    {
        var tensor = Picture.Noise(4, 4);

        var reply = await RunAsync("", new Document { Text = "words", Uri = "outside/dog.jpg" }, new Document { Tensor = tensor }, new Document { Blob = "words"u8.ToArray(), MimeType = "text/plain" }, new Document());

        Assert.All(reply, document => Assert.Null(document.Error));
        Assert.Equal("words", reply[0].Text);
        Assert.Same(tensor, reply[1].Tensor);
        Assert.Equal("words", System.Text.Encoding.UTF8.GetString(reply[2].Blob!.Value.Span));
    }

    [Fact]
    public async Task Chunks_are_decoded_where_the_path_says_so()
    {
        var root = new Document { Text = "album" };
        root.Chunks.Add(new Document { Blob = Picture.Named("dog") });

        var reply = await RunAsync("access_paths: '@c'", root);

        Assert.Equal(3, reply[0].Chunks[0].Tensor!.Rank);
    }

    [Fact]
    public async Task A_thumbnail_is_a_small_jpeg()
    {
        var reply = await RunAsync("thumbnail: 64", new Document { Blob = Picture.Named("dog") });

        var uri = (string)reply[0].Tags["thumbnail"]!;
        var small = Picture.Pixels(Convert.FromBase64String(uri["data:image/jpeg;base64,".Length..]));
        Assert.Equal(64, Math.Max(small.Shape[0], small.Shape[1]));
    }

    private async Task<Document> DecodeAsync(Document document) => (await RunAsync("", document))[0];

    private async Task<DocumentArray> RunAsync(string options, params Document[] documents)
    {
        var more = options.Length > 0 ? $", {options}" : "";
        await using var flow = await TestFlow.StartAsync($"- {{ name: decoder, uses: ImageDecoder, uses_with: {{ roots: [inside]{more} }} }}", _folder.Path);
        return await flow.SendAsync("/", documents);
    }
}
