namespace FlowKit.Executors.Tests.Encoding;

/// <summary>A bad picture fails alone: the rest of its batch and the next request are served.</summary>
public sealed class BadPictureTests(EncoderFlow encoders) : IClassFixture<EncoderFlow>
{
    public static TheoryData<string, string> Bad => new()
    {
        { "truncated jpeg", "blob: The JPEG data ends early" },
        { "text named jpg", "blob: The bytes are not an image in a known format" },
        { "huge png", "60000×60000 pixels" },
        { "zero bytes", "blob: The image has no bytes" },
        { "nan tensor", "tensor: expected uint8" },
        { "wrong shape", "tensor: expected height × width × 3, uint8, but it is uint8 [3, 20, 20]" },
        { "gray shape", "tensor: expected height × width × 3, uint8, but it is uint8 [20, 20]" },
        { "wrong dtype", "tensor: expected uint8 pixels from 0 to 255, but it is float32" },
        { "0-size tensor", "tensor: expected height × width × 3, uint8, but it is uint8 [0, 20, 3]" },
        { "pixel of 256", "tensor: the pixel value 256 is not from 0 to 255" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_picture_fails_alone(string kind, string message)
    {
        var bad = Make(kind);
        var reply = await encoders.EncodeAsync([Good("a"), bad, Good("b"), new Document("text") { Text = "a cat" }]);
        Assert.Equal(["a", bad.Id, "b", "text"], reply.Select(document => document.Id));
        Assert.Equal(FlowErrorCode.InvalidArgument, reply[1].Error?.Code);
        Assert.Contains(message, reply[1].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(("image", bad.Id), (reply[1].Error!.Executor, reply[1].Error!.DocumentId));
        Assert.Null(reply[1].Embedding);
        foreach (var at in new[] { 0, 2, 3 })
        {
            Assert.Null(reply[at].Error);
            Assert.Equal(512, reply[at].Embedding!.Length);
        }

        Assert.Equal(512, (await encoders.EmbedAsync(Good("next"))).Length);
    }

    [Fact]
    public async Task A_good_neighbour_of_a_bad_picture_gets_its_own_vector()
    {
        var reply = await encoders.EncodeAsync([Make("zero bytes"), new Document { Blob = Picture.Named("dog") }, Make("wrong shape"), new Document { Blob = Picture.Named("banana") }]);
        ClipImageEncoderTests.AssertSame(await encoders.EmbedAsync(new Document { Blob = Picture.Named("dog") }), reply[1].Embedding!.ToFloats(), 1e-5f);
        ClipImageEncoderTests.AssertSame(await encoders.EmbedAsync(new Document { Blob = Picture.Named("banana") }), reply[3].Embedding!.ToFloats(), 1e-5f);
    }

    [Fact]
    public async Task NaN_in_a_ready_tensor_is_an_error()
    {
        await using var ready = await TestFlow.StartAsync("- { uses: ClipImageEncoder, uses_with: { use_default_preprocessing: false } }");
        var values = new float[224 * 224 * 3];
        values[77] = float.NaN;
        var reply = await ready.SendAsync("/", [new Document { Tensor = NdArray.Wrap(values, 224, 224, 3) }, new Document { Tensor = NdArray.Wrap(new float[12], 2, 2, 3) }]);
        Assert.Contains("NaN", reply[0].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("expected float32 [224, 224, 3]", reply[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whole_numbers_of_another_type_are_pixels_too()
    {
        var bytes = Picture.Noise(20, 30);
        var wide = NdArray.Wrap(bytes.AsSpan<byte>().ToArray().Select(value => (long)value).ToArray(), 20, 30, 3);
        ClipImageEncoderTests.AssertSame(await encoders.EmbedAsync(new Document { Tensor = bytes }), await encoders.EmbedAsync(new Document { Tensor = wide }), 0);
    }

    private static Document Good(string id) => new(id) { Tensor = Picture.Noise(40, 40) };

    private static Document Make(string kind) => kind switch
    {
        "truncated jpeg" => new Document { Blob = Picture.Named("red-apple").AsMemory(0, 600) },
        "text named jpg" => new Document { Blob = "I am not a picture"u8.ToArray(), Uri = "holiday.jpg", MimeType = "image/jpeg" },
        "huge png" => new Document { Blob = Picture.PngHeader(60_000, 60_000) },
        "zero bytes" => new Document { Blob = ReadOnlyMemory<byte>.Empty },
        "nan tensor" => new Document { Tensor = NdArray.Wrap(new[] { float.NaN, 0, 0 }, 1, 1, 3) },
        "wrong shape" => new Document { Tensor = NdArray.Wrap(new byte[1200], 3, 20, 20) },
        "gray shape" => new Document { Tensor = NdArray.Wrap(new byte[400], 20, 20) },
        "wrong dtype" => new Document { Tensor = NdArray.Wrap(new float[1200], 20, 20, 3) },
        "0-size tensor" => new Document { Tensor = NdArray.Wrap(Array.Empty<byte>(), 0, 20, 3) },
        _ => new Document { Tensor = NdArray.Wrap(new long[] { 0, 256, 0 }, 1, 1, 3) },
    };
}
