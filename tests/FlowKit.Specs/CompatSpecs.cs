using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Clip.Search;
using FlowKit.Imaging;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>flows/clip-routes: what users of Roboflow Inference, OpenAI's embeddings and subnet 19 send, and what they get.</summary>
public sealed class CompatSpecs : IClassFixture<CompatSpecs.ClipRoutes>
{
    private readonly RunningFlow _flow;

    public CompatSpecs(ClipRoutes routes) => _flow = routes.Flow;

    private static string Picture(string name) => Convert.ToBase64String(File.ReadAllBytes(Repository.At("flows", "image-search", "pictures", $"{name}.jpg")));

    private async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, JsonNode body)
    {
        using var response = await _flow.Http.PostAsync(path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private async Task<JsonNode> AskAsync(string path, JsonNode body)
    {
        var (status, reply) = await PostAsync(path, body);
        Assert.True(status == HttpStatusCode.OK, reply.ToJsonString());
        return reply;
    }

    private static float[] Vector(JsonNode? node) => [.. node!.AsArray().Select(value => (float)value!)];

    [Fact]
    public async Task Roboflow_embeds_one_or_many_texts_and_pictures()
    {
        var one = await AskAsync("/clip/embed_text", new JsonObject { ["text"] = "Hello World", ["clip_version_id"] = "tiny-clip", ["api_key"] = "x" });
        var many = await AskAsync("/clip/embed_text", new JsonObject { ["text"] = new JsonArray([.. Enumerable.Range(0, 20).Select(i => JsonValue.Create(i == 7 ? "Hello World" : $"text {i}"))]) });
        var pictures = await AskAsync("/clip/embed_image", new JsonObject
        {
            ["image"] = new JsonArray([.. Enumerable.Range(0, 9).Select(_ => new JsonObject { ["type"] = "base64", ["value"] = Picture("red-apple") })]),
        });

        Assert.Equal(["embeddings", "time", "inference_id"], one.AsObject().Select(pair => pair.Key));
        Assert.Equal(20, many["embeddings"]!.AsArray().Count);
        Assert.Equal(Vector(one["embeddings"]![0]), Vector(many["embeddings"]![7]), (left, right) => MathF.Abs(left - right) < 1e-4f);
        Assert.Equal(9, pictures["embeddings"]!.AsArray().Count);
        Assert.Equal(Vector(one["embeddings"]![0]).Length, Vector(pictures["embeddings"]![8]).Length);
    }

    [Fact]
    public async Task Roboflow_compares_texts_pictures_and_named_prompts()
    {
        var words = await AskAsync("/clip/compare", JsonNode.Parse("""{"subject": "hello world", "subject_type": "text", "prompt": ["globe", "cat", "dog"]}""")!);
        var picture = new JsonObject { ["type"] = "base64", ["value"] = Picture("red-apple") };
        var named = await AskAsync("/clip/compare", new JsonObject { ["subject"] = picture.DeepClone(), ["prompt"] = new JsonObject { ["apple"] = "a red apple", ["dog"] = "a dog" } });
        var pictures = await AskAsync("/clip/compare", new JsonObject { ["subject"] = picture.DeepClone(), ["prompt"] = picture.DeepClone(), ["prompt_type"] = "image" });

        Assert.Equal(3, Vector(words["similarity"]).Length);
        Assert.True((float)named["similarity"]!["apple"]! > (float)named["similarity"]!["dog"]!, named.ToJsonString());
        Assert.Equal(1f, Vector(pictures["similarity"]).Single(), 4);
    }

    [Theory]
    [InlineData("/clip/embed_text", """{}""", "text: field required")]
    [InlineData("/clip/embed_text", """{"text": ["a", 1]}""", "text[1]: expected a text")]
    [InlineData("/clip/embed_text", """[]""", "text: field required")]
    [InlineData("/clip/embed_text", """{"text": """, "The body is not valid JSON")]
    [InlineData("/clip/embed_image", """{"image": [{"type": "base64", "value": "!"}]}""", "image[0].value: it is not valid base64")]
    [InlineData("/clip/embed_image", """{"image": {"type": "numpy", "value": "x"}}""", "image.type: 'numpy' is neither 'base64' nor 'url'")]
    [InlineData("/clip/embed_image", """{"image": {"type": "base64", "value": "aGVsbG8="}}""", "blob:")]
    [InlineData("/clip/embed_image", """{"image": [{"type": "base64", "value": "aGVsbG8="}, {"type": "base64", "value": "aGVsbG8="}]}""", "image[0].value: blob: ")]
    [InlineData("/clip/embed_image", """{"image": {"type": "numpy", "value": "x"}}""", "a pickled array is a program, and is not read")]
    [InlineData("/clip/compare", """{"subject": "a", "subject_type": "sound", "prompt": "b"}""", "subject_type: 'sound' is neither 'image' nor 'text'")]
    [InlineData("/clip/compare", """{"subject": "a", "subject_type": "text"}""", "prompt: field required")]
    public async Task What_is_wrong_for_Roboflow_is_a_400_that_names_it(string path, string body, string message)
    {
        using var response = await _flow.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        Assert.Contains(message, (string)JsonNode.Parse(text)!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAIs_clients_get_their_list_for_texts_and_pictures()
    {
        var texts = await AskAsync("/v1/embeddings", JsonNode.Parse("""{"model": "tiny-clip", "input": ["red apple", "dog"]}""")!);
        var coded = await AskAsync("/v1/embeddings", JsonNode.Parse("""{"model": "tiny-clip", "input": "red apple", "encoding_format": "base64"}""")!);
        var mixed = await AskAsync("/v1/embeddings", new JsonObject { ["input"] = new JsonArray(new JsonObject { ["text"] = "red apple" }, new JsonObject { ["image"] = $"data:image/jpeg;base64,{Picture("red-apple")}" }) });
        var pictures = await AskAsync("/v1/embeddings", new JsonObject { ["input"] = Picture("red-apple"), ["modality"] = "image" });

        Assert.Equal(("list", "tiny-clip"), ((string)texts["object"]!, (string)texts["model"]!));
        Assert.Equal([0, 1], texts["data"]!.AsArray().Select(item => (int)item!["index"]!));
        var bytes = Convert.FromBase64String((string)coded["data"]![0]!["embedding"]!);
        var floats = Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, i * 4));
        Assert.Equal(Vector(texts["data"]![0]!["embedding"]), floats, (left, right) => MathF.Abs(left - right) < 1e-4f);
        Assert.Equal(Vector(pictures["data"]![0]!["embedding"]), Vector(mixed["data"]![1]!["embedding"]), (left, right) => MathF.Abs(left - right) < 1e-4f);
    }

    [Theory]
    [InlineData("""{"model": "clip"}""", "input: field required")]
    [InlineData("""{"input": "x", "modality": "audio"}""", "modality: 'audio' is neither 'text' nor 'image'")]
    [InlineData("""{"input": "x", "encoding_format": "int8"}""", "encoding_format: 'int8' is neither 'float' nor 'base64'")]
    [InlineData("""{"input": [{"audio": "x"}]}""", "text: field required")]
    public async Task What_is_wrong_for_OpenAI_is_its_error(string body, string message)
    {
        var (status, reply) = await PostAsync("/v1/embeddings", JsonNode.Parse(body)!);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal((message, "invalid_request_error"), ((string)reply["error"]!["message"]!, (string)reply["error"]!["type"]!));
    }

    /// <summary>A caller that asks for a model and gets another's embeddings would compare what cannot be compared.</summary>
    [Theory]
    [InlineData("/v1/embeddings", """{"model": "text-embedding-3-small", "input": "x"}""", "model: the model 'text-embedding-3-small' is asked for, and ClipTextEncoder 'text_encoder' has 'tiny-clip'.")]
    [InlineData("/v1/embeddings", """{"model": "ViT-B-32::openai", "input": {"text": "x"}}""", "model: the model 'ViT-B-32::openai' is asked for, and ClipTextEncoder 'text_encoder' has 'tiny-clip'.")]
    [InlineData("/clip/embed_text", """{"clip_version_id": "ViT-Z-99", "text": "x"}""", "clip_version_id: the model 'ViT-Z-99' is asked for, and ClipTextEncoder 'text_encoder' has 'tiny-clip'.")]
    [InlineData("/clip/embed_text", """{"model_id": "clip/RN50", "text": "x"}""", "model_id: the model 'RN50' is asked for, and ClipTextEncoder 'text_encoder' has 'tiny-clip'.")]
    [InlineData("/clip/compare", """{"model_id": "clip/RN50", "subject": "x", "subject_type": "text", "prompt": "y"}""", "model_id: the model 'RN50' is asked for, and ClipTextEncoder 'text_encoder' has 'tiny-clip'.")]
    public async Task A_model_that_the_flow_has_not_is_404_and_named(string path, string body, string message)
    {
        var (status, reply) = await PostAsync(path, JsonNode.Parse(body)!);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal($"{message} 'compat_model: any' under 'gateway' takes any name.", (string)(reply["error"]?["message"] ?? reply["message"])!);
        if (reply["error"] is { } error)
        {
            Assert.Equal(("model_not_found", "model", "invalid_request_error"), ((string)error["code"]!, (string)error["param"]!, (string)error["type"]!));
        }
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"model": "tiny-clip", "input": "x"}""")]
    [InlineData("/v1/embeddings", """{"input": "x", "dimensions": 512}""")]
    [InlineData("/clip/embed_text", """{"clip_version_id": "tiny-clip", "text": "x"}""")]
    [InlineData("/clip/embed_text", """{"model_id": "clip/tiny-clip", "text": "x"}""")]
    public async Task The_model_that_answered_is_named(string path, string body)
    {
        using var response = await _flow.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var reply = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.True(response.IsSuccessStatusCode, reply.ToJsonString());
        Assert.Equal("tiny-clip", reply["model"] is { } model ? (string)model! : response.Headers.GetValues("X-Model-Id").Single());
    }

    [Fact]
    public async Task Dimensions_that_the_models_card_does_not_allow_are_refused_with_the_reason()
    {
        var (status, reply) = await PostAsync("/v1/embeddings", JsonNode.Parse("""{"input": "x", "dimensions": 256}""")!);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "dimensions: embeddings of 256 numbers are asked for, and those of the model 'tiny-clip' have 512; its embeddings cannot be shortened (model.json names no matryoshka_dimensions).",
            (string)reply["error"]!["message"]!);
    }

    [Fact]
    public async Task OpenAIs_clients_find_the_flows_models()
    {
        var list = JsonNode.Parse(await _flow.Http.GetStringAsync("/v1/models"))!;
        var one = JsonNode.Parse(await _flow.Http.GetStringAsync("/v1/models/tiny-clip"))!;
        using var other = await _flow.Http.GetAsync("/v1/models/openai/clip-vit-base-patch32");
        var error = JsonNode.Parse(await other.Content.ReadAsStringAsync())!["error"]!;

        Assert.Equal("""{"object":"list","data":[{"id":"tiny-clip","object":"model","created":0,"owned_by":"flowkit"}]}""", list.ToJsonString());
        Assert.Equal("tiny-clip", (string)one["id"]!);
        Assert.Equal((HttpStatusCode.NotFound, "model_not_found"), (other.StatusCode, (string)error["code"]!));
    }

    [Fact]
    public async Task Subnet_19_gets_its_synapses_back_without_what_it_sent()
    {
        var texts = await AskAsync("/ClipEmbeddingTexts", JsonNode.Parse("""{"text_prompts": ["Give me an image of a dog in sunglasses"]}""")!);
        var images = await AskAsync("/ClipEmbeddingImages", new JsonObject { ["image_b64s"] = new JsonArray(Picture("dog"), Picture("red-apple")) });
        var later = await AskAsync("/clip-embeddings", new JsonObject { ["image_b64s"] = new JsonArray(Picture("dog")) });
        var nothing = await AskAsync("/ClipEmbeddingTexts", new JsonObject());

        Assert.Null(texts["text_prompts"]);
        Assert.Single(texts["text_embeddings"]!.AsArray());
        Assert.Null(texts["error_message"]);
        Assert.Equal(2, images["image_embeddings"]!.AsArray().Count);
        Assert.Equal(Vector(images["image_embeddings"]![0]), Vector(later["clip_embeddings"]![0]), (left, right) => MathF.Abs(left - right) < 1e-4f);
        Assert.Equal("You must supply the images/text prompts that you want to embed", (string?)nothing["error_message"]);
    }

    /// <summary>The guide's own lines: a random picture of 1200 × 1200, both sides divided by their norms, the products, the largest.</summary>
    [Fact]
    public async Task Subnet_19s_image_search_finds_the_closest_match_as_its_guide_computes_it()
    {
        var noise = new byte[1200 * 1200 * 3];
        new Random(19).NextBytes(noise);
        var random = Convert.ToBase64String(ImageEncoder.EncodeJpeg(new RgbImage(1200, 1200, noise)));
        var pictures = await AskAsync("/ClipEmbeddingImages", new JsonObject { ["image_b64s"] = new JsonArray(random, Picture("dog"), Picture("sailboat"), Picture("red-apple")) });
        var text = await AskAsync("/ClipEmbeddingTexts", JsonNode.Parse("""{"text_prompts": ["a boat on the sea"]}""")!);
        var images = pictures["image_embeddings"]!.AsArray().Select(Vector).ToArray();
        var words = Vector(text["text_embeddings"]![0]);

        var scores = images.Select(image => image.Zip(words, (left, right) => left / Norm(image) * (right / Norm(words))).Sum()).ToArray();

        Assert.All(images, image => Assert.Equal(512, image.Length));
        Assert.Equal(2, Array.IndexOf(scores, scores.Max()));
        Assert.Equal((2, scores[2]), (SemanticSearch.Find([words], images, topK: 1)[0][0].ResponseId, SemanticSearch.Find([words], images, topK: 1)[0][0].Score), (left, right) => left.Item1 == right.Item1 && MathF.Abs(left.Item2 - right.Item2) < 1e-5f);

        static float Norm(float[] vector) => MathF.Sqrt(vector.Sum(value => value * value));
    }

    [Fact]
    public async Task Subnet_19_has_its_limits_before_anything_is_decoded()
    {
        var eleven = await PostAsync("/ClipEmbeddingImages", new JsonObject { ["image_b64s"] = new JsonArray([.. Enumerable.Range(0, 11).Select(_ => JsonValue.Create("aGVsbG8="))]) });
        var large = await PostAsync("/ClipEmbeddingImages", new JsonObject { ["image_b64s"] = new JsonArray([.. Enumerable.Range(0, 2).Select(_ => JsonValue.Create(Convert.ToBase64String(new byte[6 << 20])))]) });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (eleven.Status, large.Status));
        Assert.Contains("should not exceed 10 please; there are 11", (string)eleven.Body["error_message"]!, StringComparison.Ordinal);
        Assert.Contains("12582912 bytes together", (string)large.Body["error_message"]!, StringComparison.Ordinal);
    }

    /// <summary>One flow for all of them.</summary>
    public sealed class ClipRoutes : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal RunningFlow Flow { get; private set; } = null!;

        public async Task InitializeAsync() => Flow = await RunningFlow.StartAsync(Repository.At("flows", "clip-routes", "flow.yml"), _folder.Path);

        public async Task DisposeAsync()
        {
            await Flow.DisposeAsync();
            _folder.Dispose();
        }
    }
}
