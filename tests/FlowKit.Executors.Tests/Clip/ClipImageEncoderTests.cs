using FlowKit.Clip;
using FlowKit.Imaging;
using FlowKit.Imaging.Tests;

namespace FlowKit.Executors.Tests.Encoding;

public sealed class ClipImageEncoderTests(EncoderFlow encoders) : IClassFixture<EncoderFlow>
{
    public static TheoryData<string> Files => [.. PillowFile.Plain.Select(file => file.Name)];

    [Theory]
    [InlineData(224, 224)]
    [InlineData(100, 100)]
    [InlineData(37, 901)]
    [InlineData(1, 1)]
    [InlineData(1, 5000)]
    [InlineData(5000, 1)]
    public async Task A_tensor_of_any_size_gives_512_floats(int height, int width)
    {
        var document = (await encoders.EncodeAsync([new Document { Tensor = Picture.Noise(height, width) }]))[0];
        Assert.Null(document.Error);
        Assert.Equal((NdType.Float32, "[512]"), (document.Embedding!.Type, document.Embedding.ShapeText));
        Assert.StartsWith("tiny-clip@", document.Metadata["embedding_model"]!.ToString(), StringComparison.Ordinal);
        Assert.NotNull(document.Tensor);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_of_any_kind_of_pixel_embeds_like_its_pixels(string name)
    {
        var file = PillowFile.Plain.Single(file => file.Name == name);
        var encoded = await encoders.EmbedAsync(new Document { Blob = file.File });
        var pixels = await encoders.EmbedAsync(new Document { Tensor = NdArray.Wrap(file.Rgb, file.Height, file.Width, 3) });
        AssertSame(pixels, encoded, 0);
    }

    [Fact]
    public async Task A_png_of_16_bits_a_channel_embeds() => Assert.Equal(512, (await encoders.EmbedAsync(new Document { Blob = Picture.Png16(40, 30) })).Length);

    [Fact]
    public async Task Twenty_five_documents_in_batches_of_ten_give_25_embeddings()
    {
        var reply = await encoders.EncodeAsync(Enumerable.Range(0, 25).Select(i => new Document($"{i}") { Tensor = Picture.Noise(50, 60, i) }), """{"batch_size": 10}""");
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i}"), reply.Select(document => document.Id));
        Assert.All(reply, document => Assert.Equal(512, document.Embedding!.Length));
    }

    [Fact]
    public async Task The_batch_does_not_change_a_vector()
    {
        var alone = await EncodeInBatchesAsync(1);
        foreach (var size in new[] { 2, 4, 8, 32 })
        {
            var together = await EncodeInBatchesAsync(size);
            for (var i = 0; i < alone.Count; i++)
            {
                AssertSame(alone[i], together[i], 1e-5f);
            }
        }
    }

    [Fact]
    public async Task Equal_pictures_of_a_batch_get_equal_vectors()
    {
        var reply = await encoders.EncodeAsync(Enumerable.Range(0, 32).Select(_ => new Document { Tensor = Picture.Noise(80, 80) }));
        Assert.All(reply, document => AssertSame(reply[0].Embedding!.ToFloats(), document.Embedding!.ToFloats(), 1e-5f));
    }

    [Theory]
    [InlineData("""{"access_paths": "@r"}""", 1, 0, 0)]
    [InlineData("""{"access_paths": "@c"}""", 0, 3, 0)]
    [InlineData("""{"access_paths": "@cc"}""", 0, 0, 2)]
    [InlineData("""{"access_paths": "@cc,r"}""", 1, 0, 2)]
    [InlineData("""{"traversal_paths": ["r", "c"]}""", 1, 3, 0)]
    [InlineData("""{"traversal_paths": "cc"}""", 0, 0, 2)]
    public async Task An_access_path_says_which_documents_are_embedded(string parameters, int roots, int chunks, int grandchildren)
    {
        var root = new Document { Tensor = Picture.Noise(30, 30), Chunks = [Tile(), Tile(), Tile()] };
        root.Chunks[0].Chunks = [Tile(), Tile()];
        var reply = await encoders.EncodeAsync([root], parameters);
        Assert.Equal((roots, chunks, grandchildren), (Embedded(reply), Embedded(reply["@c"]), Embedded(reply["@cc"])));
    }

    [Fact]
    public async Task No_documents_give_no_documents() => Assert.Empty(await encoders.EncodeAsync([]));

    [Fact]
    public async Task Documents_without_a_picture_are_left_alone()
    {
        var reply = await encoders.EncodeAsync([new Document(), new Document { Uri = "a.jpg" }, new Document { Blob = "hello"u8.ToArray(), MimeType = "text/plain" }]);
        Assert.All(reply, document => Assert.Null(document.Embedding));
        Assert.All(reply, document => Assert.Null(document.Error));
    }

    [Fact]
    public async Task A_document_with_an_embedding_is_skipped_unless_overwritten()
    {
        Document Known() => new() { Tensor = Picture.Noise(30, 30), Embedding = NdArray.Wrap(new float[] { 1, 2 }) };
        var kept = await encoders.EmbedAsync(Known());
        Assert.Equal([1f, 2f], kept);
        Assert.Equal(512, (await encoders.EncodeAsync([Known()], """{"overwrite_embeddings": true}"""))[0].Embedding!.Length);
    }

    [Fact]
    public async Task Content_is_dropped_when_the_request_says_so()
    {
        var reply = await encoders.EncodeAsync([new Document { Tensor = Picture.Noise(30, 30) }, new Document { Text = "kept" }], """{"drop_image_content": true}""");
        Assert.Equal([DocumentContent.None, DocumentContent.Text], reply.Select(document => document.ContentType));
        Assert.All(reply, document => Assert.NotNull(document.Embedding));
    }

    [Theory]
    [InlineData("/delete")]
    [InlineData("/status")]
    public async Task Endpoints_that_need_no_embedding_make_none(string endpoint)
    {
        var reply = await encoders.Flow.SendAsync(endpoint, [new Document { Blob = new byte[] { 1 } }, new Document { Text = "cat" }]);
        Assert.All(reply, document => Assert.Null(document.Embedding));
        Assert.All(reply, document => Assert.Null(document.Error));
    }

    [Theory]
    [InlineData("""{"batch_size": 0}""", "batch_size")]
    [InlineData("""{"batch_size": 2.5}""", "batch_size")]
    [InlineData("""{"batch_size": "many"}""", "batch_size")]
    [InlineData("""{"access_paths": "@x"}""", "@x")]
    public async Task A_bad_parameter_is_an_error_that_names_it(string parameters, string name)
    {
        var reply = await encoders.Flow.ReplyAsync("/", [new Document { Tensor = Picture.Noise(8, 8) }], parameters);
        Assert.Equal(FlowErrorCode.InvalidArgument, reply.Error?.Code);
        Assert.Contains(name, reply.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hwc")]
    [InlineData("chw")]
    public async Task Without_default_preprocessing_the_models_own_input_gives_the_same_vector(string layout)
    {
        await using var ready = await TestFlow.StartAsync($"- {{ uses: ClipImageEncoder, uses_with: {{ use_default_preprocessing: false, layout: {layout} }} }}");
        var picture = Picture.Named("red-apple");
        var tensor = Preprocessed(picture, layout == "hwc");
        var reply = await ready.SendAsync("/", [new Document { Tensor = tensor }, new Document { Tensor = Picture.Noise(224, 224) }, new Document { Blob = picture }]);
        AssertSame(await encoders.EmbedAsync(new Document { Blob = picture }), reply[0].Embedding!.ToFloats(), 1e-5f);
        Assert.Contains("use_default_preprocessing", reply[1].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("use_default_preprocessing", reply[2].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fast_preprocessing_is_close_to_the_exact_one()
    {
        await using var fast = await TestFlow.StartAsync("- { uses: ClipImageEncoder, uses_with: { preprocessing: fast } }");
        using var large = RgbImage.Filled(1600, 1200, 200, 40, 40);
        var file = ImageEncoder.EncodeJpeg(large);
        var reply = await fast.SendAsync("/", [new Document { Blob = file }]);
        Assert.True(ClipScoring.Cosine(await encoders.EmbedAsync(new Document { Blob = file }), reply[0].Embedding!.ToFloats()) > 0.99f);
    }

    [Theory]
    [InlineData("red-apple", "a red apple", "a dog")]
    [InlineData("dog", "a dog", "an airplane")]
    [InlineData("blue-square", "a blue square", "a red square")]
    public async Task A_picture_is_nearer_to_its_own_words(string picture, string right, string wrong)
    {
        var reply = await encoders.EncodeAsync([new Document { Blob = Picture.Named(picture) }, new Document { Text = right }, new Document { Text = wrong }]);
        var vectors = reply.Select(document => document.Embedding!.ToFloats()).ToList();
        Assert.True(ClipScoring.Cosine(vectors[0], vectors[1]) > ClipScoring.Cosine(vectors[0], vectors[2]));
    }

    internal static void AssertSame(float[] expected, float[] actual, float tolerance)
    {
        var scale = ClipScoring.Norm(expected);
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Zip(actual, (left, right) => MathF.Abs(left - right) / scale).Max() <= tolerance);
    }

    private static Document Tile() => new() { Tensor = Picture.Noise(20, 20) };

    private static int Embedded(DocumentArray documents) => documents.Count(document => document.Embedding is not null);

    private async Task<List<float[]>> EncodeInBatchesAsync(int size)
    {
        var reply = await encoders.EncodeAsync(Enumerable.Range(0, 32).Select(i => new Document { Tensor = Picture.Noise(60, 70, i) }), $$"""{"batch_size": {{size}}}""");
        return [.. reply.Select(document => document.Embedding!.ToFloats())];
    }

    internal static NdArray Preprocessed(byte[] picture, bool hwc)
    {
        var preprocessor = new ClipPreprocessor(ClipModelFolder.Open("tiny-clip").Card.ToImageSpec());
        var planes = new float[preprocessor.TensorLength];
        preprocessor.Write(picture, planes);
        var plane = 224 * 224;
        return hwc
            ? NdArray.Wrap(Enumerable.Range(0, planes.Length).Select(i => planes[(i % 3 * plane) + (i / 3)]).ToArray(), 224, 224, 3)
            : NdArray.Wrap(planes, 3, 224, 224);
    }
}
