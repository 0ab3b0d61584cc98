using FlowKit.Clip;
using static FlowKit.Executors.Tests.Encoding.ClipImageEncoderTests;

namespace FlowKit.Executors.Tests.Encoding;

/// <summary>The tests of Jina's CLIPEncoder, and what it got wrong.</summary>
public sealed class ClipEncoderTests(DualFlow clip) : IClassFixture<DualFlow>
{
    [Theory]
    [InlineData(224, 224)]
    [InlineData(100, 100)]
    [InlineData(37, 901)]
    [InlineData(1, 1)]
    public async Task A_tensor_of_any_size_gives_512_floats(int height, int width)
    {
        var document = (await clip.EncodeAsync([new Document { Tensor = Picture.Noise(height, width) }]))[0];
        Assert.Null(document.Error);
        Assert.Equal((NdType.Float32, "[512]"), (document.Embedding!.Type, document.Embedding.ShapeText));
        Assert.StartsWith("tiny-clip@", document.Metadata["embedding_model"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_document_gets_what_the_encoder_of_its_own_tower_gives()
    {
        await using var towers = await TestFlow.StartAsync("""
            - { uses: ClipImageEncoder }
            - { uses: ClipTextEncoder }
            """);
        Document[] Make() => [new("text") { Text = "a dog" }, new("blob") { Blob = Picture.Named("dog") }, new("tensor") { Tensor = Picture.Noise(30, 40) }, new("none")];
        var (expected, actual) = (await towers.SendAsync("/", Make()), await clip.EncodeAsync(Make()));
        Assert.Equal(["text", "blob", "tensor", "none"], actual.Select(document => document.Id));
        for (var i = 0; i < 3; i++)
        {
            AssertSame(expected[i].Embedding!.ToFloats(), actual[i].Embedding!.ToFloats(), 1e-5f);
        }

        Assert.Equal((null, null), (actual[3].Embedding, actual[3].Error));
    }

    [Theory]
    [InlineData("batch_size")]
    [InlineData("minibatch_size")]
    public async Task Twenty_five_documents_of_both_kinds_in_batches_of_ten_give_25_embeddings(string name)
    {
        var reply = await clip.EncodeAsync(Enumerable.Range(0, 25).Select(Mixed), $$"""{"{{name}}": 10}""");
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i}"), reply.Select(document => document.Id));
        Assert.All(reply, document => Assert.Equal(512, document.Embedding!.Length));
    }

    [Fact]
    public async Task The_batch_does_not_change_a_vector()
    {
        var alone = await clip.EncodeAsync(Enumerable.Range(0, 32).Select(Mixed), """{"batch_size": 1}""");
        foreach (var size in new[] { 2, 4, 8, 32 })
        {
            var together = await clip.EncodeAsync(Enumerable.Range(0, 32).Select(Mixed), $$"""{"batch_size": {{size}}}""");
            for (var i = 0; i < alone.Count; i++)
            {
                AssertSame(alone[i].Embedding!.ToFloats(), together[i].Embedding!.ToFloats(), 1e-5f);
            }
        }
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
        var root = new Document { Text = "root", Chunks = [Mixed(0), Mixed(1), Mixed(2)] };
        root.Chunks[0].Chunks = [Mixed(3), Mixed(4)];
        var reply = await clip.EncodeAsync([root], parameters);
        Assert.Equal((roots, chunks, grandchildren), (Embedded(reply), Embedded(reply["@c"]), Embedded(reply["@cc"])));

        static int Embedded(DocumentArray documents) => documents.Count(document => document.Embedding is not null);
    }

    [Fact]
    public async Task No_documents_give_no_documents() => Assert.Empty(await clip.EncodeAsync([]));

    [Fact]
    public async Task A_document_with_an_embedding_is_skipped_unless_overwritten()
    {
        static Document[] Known() => [new() { Text = "cat", Embedding = NdArray.Wrap(new float[] { 1, 2 }) }, new() { Blob = Picture.Named("dog"), Embedding = NdArray.Wrap(new float[] { 3 }) }];
        var kept = await clip.EncodeAsync(Known());
        Assert.Equal([1f, 2f, 3f], kept.SelectMany(document => document.Embedding!.ToFloats()));
        Assert.All(await clip.EncodeAsync(Known(), """{"overwrite_embeddings": true}"""), document => Assert.Equal(512, document.Embedding!.Length));
    }

    [Fact]
    public async Task Pictures_are_dropped_when_the_request_says_so_and_texts_stay()
    {
        var reply = await clip.EncodeAsync([new Document { Blob = Picture.Named("dog") }, new Document { Text = "kept" }], """{"drop_image_content": true}""");
        Assert.Equal([DocumentContent.None, DocumentContent.Text], reply.Select(document => document.ContentType));
        Assert.All(reply, document => Assert.NotNull(document.Embedding));
    }

    [Fact]
    public async Task Without_default_preprocessing_the_models_own_input_gives_the_same_vector()
    {
        await using var ready = await TestFlow.StartAsync("- { uses: ClipEncoder, uses_with: { use_default_preprocessing: false, layout: chw } }");
        var picture = Picture.Named("red-apple");
        var reply = await ready.SendAsync("/", [new Document { Tensor = Preprocessed(picture, hwc: false) }, new Document { Blob = picture }, new Document { Text = "a red apple" }]);
        AssertSame(await clip.EmbedAsync(new Document { Blob = picture }), reply[0].Embedding!.ToFloats(), 1e-5f);
        Assert.Contains("blob: encoded bytes need preprocessing", reply[1].Error!.Message, StringComparison.Ordinal);
        Assert.Null(reply[2].Error);
    }

    [Theory]
    [InlineData("/delete")]
    [InlineData("/status")]
    public async Task Endpoints_that_need_no_embedding_make_none(string endpoint)
    {
        var reply = await clip.Flow.SendAsync(endpoint, [new Document { Blob = new byte[] { 1 } }, new Document { Text = "cat" }]);
        Assert.All(reply, document => Assert.Equal((null, null), (document.Embedding, document.Error)));
    }

    [Theory]
    [InlineData("/encode", "{}")]
    [InlineData("/encode/tiny-clip", "{}")]
    [InlineData("/anything", """{"model_name": "tiny-clip"}""")]
    public async Task Any_other_endpoint_encodes(string endpoint, string parameters) =>
        Assert.Equal(512, (await clip.Flow.SendAsync(endpoint, [new Document { Text = "cat" }], parameters))[0].Embedding!.Length);

    [Theory]
    [InlineData("/encode/ViT-L-14::openai", "{}", "/encode/ViT-L-14::openai: the model 'ViT-L-14::openai' is asked for, and ClipEncoder 'clip' has 'tiny-clip'.")]
    [InlineData("/rank/other", "{}", "/rank/other: the model 'other' is asked for, and ClipEncoder 'clip' has 'tiny-clip'.")]
    [InlineData("/rank", """{"model_name": "other"}""", "parameters.model_name: the model 'other' is asked for, and ClipEncoder 'clip' has 'tiny-clip'.")]
    public async Task Another_model_than_the_one_there_is_refused(string endpoint, string parameters, string message)
    {
        var reply = await clip.Flow.ReplyAsync(endpoint, [new Document { Text = "cat" }], parameters);
        Assert.Equal((FlowErrorCode.NotFound, message), (reply.Error?.Code, reply.Error?.Message));
    }

    [Theory]
    [InlineData("""{"batch_size": 0}""", "parameters.batch_size: 0 is not a whole number of at least 1.")]
    [InlineData("""{"minibatch_size": 2.5}""", "parameters.minibatch_size: 2.5 is not a whole number of at least 1.")]
    public async Task A_bad_parameter_is_an_error_that_names_it(string parameters, string message) =>
        Assert.Equal(message, (await clip.Flow.ReplyAsync("/", [new Document { Text = "cat" }], parameters)).Error?.Message);

    [Fact]
    public async Task Each_picture_is_nearest_to_its_own_sentence_and_each_sentence_to_its_own_picture()
    {
        string[] names = ["dog", "banana", "airplane", "red-apple"];
        string[] sentences = ["a dog", "a banana", "an airplane", "a red apple"];
        var reply = await clip.EncodeAsync([.. names.Select(name => new Document { Blob = Picture.Named(name) }), .. sentences.Select(text => new Document { Text = text })]);
        var vectors = reply.Select(document => document.Embedding!.ToFloats()).ToList();
        for (var i = 0; i < names.Length; i++)
        {
            Assert.Equal(i, Nearest(vectors[i], vectors[4..]));
            Assert.Equal(i, Nearest(vectors[4 + i], vectors[..4]));
        }

        static int Nearest(float[] to, List<float[]> others) => ClipScoring.Rank([.. others.Select(other => ClipScoring.Cosine(to, other))])[0];
    }

    [Fact]
    public async Task What_cannot_be_read_fails_alone()
    {
        var reply = await clip.EncodeAsync([new("good") { Blob = Picture.Named("dog") }, new("bad") { Blob = "no picture"u8.ToArray() }, new("shape") { Tensor = NdArray.Wrap(new byte[4], 2, 2) }, new("text") { Text = "a dog" }, new("far") { Uri = "dog.jpg" }]);
        Assert.Equal([null, "bad", "shape", null, "far"], reply.Select(document => document.Error?.DocumentId));
        Assert.Contains("blob: The bytes are not an image in a known format", reply[1].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("tensor: expected height × width × 3, uint8", reply[2].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("uri: 'dog.jpg' is outside the folders that may be read (uses_with.roots: none).", reply[4].Error!.Message, StringComparison.Ordinal);
        AssertSame(await clip.EmbedAsync(new Document { Blob = Picture.Named("dog") }), reply[0].Embedding!.ToFloats(), 1e-5f);
        AssertSame(await clip.EmbedAsync(new Document { Text = "a dog" }), reply[3].Embedding!.ToFloats(), 1e-5f);
    }

    private static Document Mixed(int i) => i % 2 == 0 ? new Document($"{i}") { Text = $"number {i}" } : new Document($"{i}") { Tensor = Picture.Noise(50, 60, i) };
}
