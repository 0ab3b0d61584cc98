using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Executors.Tests.Encoding;

/// <summary>The arguments of Jina's encoders: taken where they mean something, refused with a reason where they do not.</summary>
public sealed class ClipEncoderOptionTests
{
    [Theory]
    [InlineData("device: cuda", "flow.yml:3:45: uses_with.device: a device is said beside uses, where it is planned together with the replicas: write 'device: cuda:1' there")]
    [InlineData("jit: true", "flow.yml:3:42: uses_with.jit: there is no TorchScript here: a graph is optimised when it is loaded; leave it out")]
    [InlineData("base_feature_extractor: a", "uses_with.base_feature_extractor: the model's folder says how pictures are prepared (model.json or preprocessor_config.json); leave it out")]
    [InlineData("base_tokenizer_model: a", "uses_with.base_tokenizer_model: the model's folder holds its own vocabulary; leave it out")]
    [InlineData("finetuned_checkpoint_path: a", "uses_with.finetuned_checkpoint_path: a PyTorch checkpoint cannot be loaded; export both towers to ONNX and name their folder in 'model'")]
    [InlineData("name: a, model_name: b", "uses_with.model_name: it is another name of 'name', which says otherwise; keep one of them")]
    [InlineData("batch_size: 8, minibatch_size: 9", "uses_with.minibatch_size: it is another name of 'batch_size', which says otherwise; keep one of them")]
    [InlineData("access_paths: '@r', traversal_paths: [c], default_traversal_paths: r", "uses_with.default_traversal_paths: it is another name of 'traversal_paths', which says otherwise; keep one of them")]
    [InlineData("traversal_paths: 7", "uses_with.traversal_paths: expected an access path or a list of them")]
    [InlineData("dtype: bf16", "uses_with.dtype: expected fp32 or fp16")]
    [InlineData("minibatch_size: 0", "uses_with.minibatch_size: ")]
    [InlineData("prefer: both", "uses_with.prefer: expected one of text, image, not this text")]
    [InlineData("max_length: 64", "uses_with.max_length: it says 64, and the model 'tiny-clip@")]
    [InlineData("colour: red", "uses_with.colour: 'ClipEncoder' has no such option")]
    public async Task An_argument_that_means_nothing_here_is_an_error_that_says_why(string argument, string message)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestFlow.StartAsync($"- {{ uses: ClipEncoder, uses_with: {{ {argument} }} }}"));
        Assert.True(error is FlowKitException or FlowConfigException, error.ToString());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: tiny-clip, device: cpu, num_worker_preprocess: 2, minibatch_size: 4, access_paths: '@r', jit: false, dtype: fp32")]
    [InlineData("model_name: tiny-clip, use_default_preprocessing: true, default_batch_size: 4, default_traversal_paths: [r], jit: false, device: null")]
    [InlineData("pretrained_model_name_or_path: tiny-clip, base_feature_extractor: null, max_length: 77, device: cpu, batch_size: 4, traversal_paths: [r]")]
    [InlineData("name: 'ViT-B-32::openai', model_path: tiny-clip")]
    public async Task The_arguments_of_each_of_jinas_encoders_start_one(string arguments)
    {
        await using var flow = await TestFlow.StartAsync($"- {{ uses: ClipEncoder, uses_with: {{ {arguments} }} }}");
        Assert.All(await flow.SendAsync("/", [new Document { Text = "a dog" }, new Document { Blob = Picture.Named("dog") }]), document => Assert.Equal(512, document.Embedding!.Length));
    }

    [Fact]
    public async Task Old_paths_say_which_documents()
    {
        await using var flow = await TestFlow.StartAsync("- { uses: ClipEncoder, uses_with: { traversal_paths: [c] } }");
        var reply = await flow.SendAsync("/", [new Document { Text = "root", Chunks = [new Document { Text = "chunk" }] }]);
        Assert.Null(reply[0].Embedding);
        Assert.Equal(512, reply[0].Chunks[0].Embedding!.Length);
    }
}
