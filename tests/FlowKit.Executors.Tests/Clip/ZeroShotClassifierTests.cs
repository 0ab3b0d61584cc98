using FlowKit.Clip;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Executors.Labels;

namespace FlowKit.Executors.Tests.Classifying;

public sealed class ZeroShotClassifierTests(ClassifierFlow classifier) : IClassFixture<ClassifierFlow>
{
    [Theory]
    [InlineData("dog", "dog")]
    [InlineData("banana", "banana")]
    [InlineData("airplane", "airplane")]
    [InlineData("red-apple", "red apple")]
    public async Task A_picture_gets_its_label_and_the_first_scores(string picture, string label)
    {
        var document = (await classifier.Flow.SendAsync("/", [Of(picture)]))[0];
        Assert.Equal(label, (string?)document.Tags["label"]);
        Assert.Equal(3, document.Scores.Count);
        Assert.Equal(label, document.Scores.MaxBy(score => score.Value.Value).Key);
        Assert.Equal("softmax", document.Scores[label].OpName);
        Assert.StartsWith("cosine 0.", document.Scores[label].Description, StringComparison.Ordinal);
        Assert.InRange(document.Scores.Sum(score => score.Value.Value), 0.5f, 1.00001f);
        Assert.Equal(512, document.Embedding!.Length);
    }

    [Fact]
    public async Task Probabilities_are_those_of_the_library()
    {
        using var model = ClipModel.Open("tiny-clip");
        var own = Clip.ZeroShotClassifier.Create(model, ["dog", "banana"], ["{}", "a {}", "a photo of a {}"]);
        var expected = own.Classify(model.EncodeImages([Picture.Named("dog")])[0]);
        var scores = (await classifier.Flow.SendAsync("/", [Of("dog")], """{"labels": ["dog", "banana"]}"""))[0].Scores;
        Assert.Equal(expected.Probabilities[0], scores["dog"].Value, 1e-4f);
        Assert.Equal(1f, scores["dog"].Value + scores["banana"].Value, 1e-5f);
    }

    [Fact]
    public async Task A_request_brings_its_own_labels_and_the_next_one_has_the_old()
    {
        var own = (await classifier.Flow.SendAsync("/", [Of("blue-square"), new Document("text") { Text = "a red square" }], """{"labels": ["blue square", "red square"]}"""));
        Assert.Equal(["blue square", "red square"], own.Select(document => (string?)document.Tags["label"]));
        Assert.Equal("dog", (string?)(await classifier.Flow.SendAsync("/", [Of("dog")]))[0].Tags["label"]);
    }

    [Fact]
    public async Task What_fits_no_label_well_enough_gets_none()
    {
        await using var strict = await TestFlow.StartAsync("- { uses: ZeroShotClassifier, uses_with: { labels: [dog, a dog], abstain_below: 0.999 } }");
        var known = Of("dog");
        known.Tags["label"] = "stale";
        var document = (await strict.SendAsync("/", [known]))[0];
        Assert.Null(document.Error);
        Assert.False(document.Tags.ContainsKey("label"));
        Assert.Equal(2, document.Scores.Count);
    }

    [Fact]
    public async Task An_embedding_of_the_same_model_is_enough_and_one_of_another_is_refused()
    {
        var embedded = (await classifier.Flow.SendAsync("/", [Of("banana")]))[0];
        embedded.ClearContent();
        embedded.Tags.Clear();
        var other = new Document("other") { Embedding = embedded.Embedding };
        other.Metadata["embedding_model"] = "other@1";
        var shorter = new Document("short") { Embedding = NdArray.Wrap(new float[] { 1, 2 }) };
        var reply = await classifier.Flow.SendAsync("/", [embedded, other, shorter, new Document("nothing")]);
        Assert.Equal("banana", (string?)reply[0].Tags["label"]);
        Assert.Equal(FlowErrorCode.FailedPrecondition, reply[1].Error?.Code);
        Assert.Contains("it was made by the model 'other@1', and the labels by 'tiny-clip@", reply[1].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("embedding: Embeddings of 2 and 512 values cannot be compared", reply[2].Error!.Message, StringComparison.Ordinal);
        Assert.Equal((null, false), (reply[3].Error, reply[3].HasScores));
    }

    [Fact]
    public async Task A_bad_picture_fails_alone()
    {
        var reply = await classifier.Flow.SendAsync("/", [Of("dog"), new("bad") { Blob = new byte[] { 1, 2 } }, Of("banana")]);
        Assert.Equal(["dog", null, "banana"], reply.Select(document => (string?)document.Tags["label"]));
        Assert.Equal("bad", reply[1].Error?.DocumentId);
    }

    [Theory]
    [InlineData("/rank")]
    [InlineData("/delete")]
    [InlineData("/status")]
    public async Task Endpoints_that_label_nothing_pass(string endpoint)
    {
        var document = (await classifier.Flow.SendAsync(endpoint, [Of("dog")]))[0];
        Assert.Equal((false, null), (document.HasScores, document.Embedding));
    }

    [Theory]
    [InlineData("""{"labels": []}""", "parameters.labels: at least one is expected.")]
    [InlineData("""{"labels": ["a", "a"]}""", "parameters.labels: 'a' is there twice.")]
    [InlineData("""{"labels": ["a", " "]}""", "parameters.labels: ' ' is no label.")]
    [InlineData("""{"labels": "dog"}""", "parameters.labels: expected a list of texts.")]
    [InlineData("""{"labels": ["dog", 7]}""", "parameters.labels: expected a list of texts.")]
    public async Task Bad_labels_of_a_request_are_an_error(string parameters, string message)
    {
        var reply = await classifier.Flow.ReplyAsync("/", [Of("dog")], parameters);
        Assert.Equal((FlowErrorCode.InvalidArgument, message), (reply.Error?.Code, reply.Error?.Message));
    }

    [Fact]
    public async Task Without_any_labels_the_request_is_refused()
    {
        await using var bare = await TestFlow.StartAsync("- { uses: ZeroShotClassifier }");
        Assert.Equal("parameters.labels: the request names none, and uses_with.labels neither.", (await bare.ReplyAsync("/", [Of("dog")])).Error?.Message);
        var many = $$"""{"labels": [{{string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"{i}\""))}}]}""";
        Assert.Equal("parameters.labels: there are 1001; at most 1000 are taken.", (await bare.ReplyAsync("/", [Of("dog")], many)).Error?.Message);
    }

    [Theory]
    [InlineData("labels: [a, a]", "uses_with.labels: a label is there twice")]
    [InlineData("labels: [a, '']", "uses_with.labels: a label is empty")]
    [InlineData("templates: [photo]", "uses_with.templates: a template has no {} where the label goes")]
    [InlineData("abstain_below: 1.5", "uses_with.abstain_below: expected a probability from 0 to 1")]
    [InlineData("top_k: 0", "uses_with.top_k: ")]
    [InlineData("device: cuda", "uses_with.device: a device is said beside uses")]
    public async Task Bad_options_stop_the_start(string options, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<FlowConfigException>(() => TestFlow.StartAsync($"- {{ uses: ZeroShotClassifier, uses_with: {{ {options} }} }}"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Only_the_last_sets_of_labels_are_kept()
    {
        using var model = ClipModel.Open("tiny-clip");
        var sets = new LabelSets(model, new ZeroShotClassifierOptions { Templates = ["{}"] });
        var first = sets.Find(["0"], CancellationToken.None);
        for (var i = 1; i < LabelSets.MaxSets; i++)
        {
            sets.Find([$"{i}"], CancellationToken.None);
        }

        Assert.Same(first, sets.Find(["0"], CancellationToken.None));
        sets.Find(["more"], CancellationToken.None);
        Assert.Same(first, sets.Find(["0"], CancellationToken.None));
        Assert.Equal(LabelSets.MaxSets, sets.Count);
        for (var i = 1; i <= LabelSets.MaxSets; i++)
        {
            sets.Find([$"{i}"], CancellationToken.None);
        }

        Assert.NotSame(first, sets.Find(["0"], CancellationToken.None));
    }

    private static Document Of(string name) => new(name) { Blob = Picture.Named(name) };
}
