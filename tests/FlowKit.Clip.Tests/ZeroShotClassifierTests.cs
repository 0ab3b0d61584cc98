namespace FlowKit.Clip.Tests;

public sealed class ZeroShotClassifierTests
{
    private static readonly string[] s_labels = ["red apple", "dog", "boat"];

    [Fact]
    public void Pictures_get_the_label_of_what_they_show()
    {
        var classifier = ZeroShotClassifier.Create(Pictures.Model, s_labels);
        var pictures = Pictures.Model.EmbedImage(Pictures.At("red-apple"), Pictures.At("dog-face"), Pictures.At("sailboat"));

        var predictions = pictures.Select(picture => classifier.Classify(picture)).ToList();

        Assert.Equal(s_labels, predictions.Select(prediction => prediction.Label));
        Assert.All(predictions, prediction => Assert.Equal(1f, prediction.Probabilities.Sum(), 4));
    }

    [Fact]
    public void Probabilities_come_from_the_models_own_scale()
    {
        var prediction = ZeroShotClassifier.Create(Pictures.Model, s_labels).Classify(Pictures.Model.EmbedImage(Pictures.At("sailboat"))[0]);

        Assert.NotEqual(100f, Pictures.Model.Card.LogitScale);
        Assert.Equal(ClipScoring.Softmax([.. prediction.Cosines], Pictures.Model.Card.LogitScale), prediction.Probabilities);
    }

    [Fact]
    public void What_fits_no_label_well_enough_gets_none()
    {
        var picture = Pictures.Model.EmbedImage(Pictures.At("sailboat"))[0];
        var twins = ZeroShotClassifier.Create(Pictures.Model, ["boat", "a boat "], ["{}"], abstainBelow: 0.95f);

        Assert.Null(twins.Classify(picture).Label);
        Assert.NotNull(ZeroShotClassifier.Create(Pictures.Model, ["boat", "a boat "], ["{}"]).Classify(picture).Label);
    }

    [Fact]
    public void Several_sentences_are_their_mean_direction()
    {
        var both = ZeroShotClassifier.Create(Pictures.Model, ["dog"], ["{}", "a photo of a {}"]);
        var unit = Pictures.Model.EncodeTexts(["dog", "a photo of a dog"]).Select(embedding => embedding.Select(value => value / ClipScoring.Norm(embedding)).ToArray()).ToArray();
        var mean = unit[0].Zip(unit[1], (left, right) => left + right).ToArray();
        var picture = Pictures.Model.EmbedImage(Pictures.At("dog-face"))[0];

        Assert.Equal(ClipScoring.Cosine(picture, mean), both.Classify(picture).Cosines[0], 5);
    }

    [Theory]
    [InlineData("", "{}", 0f, "labels: at least one is expected.")]
    [InlineData("dog,dog", "{}", 0f, "labels: 'dog' is there twice.")]
    [InlineData("dog, ", "{}", 0f, "labels: ' ' is no label.")]
    [InlineData("dog", "a photo", 0f, "templates: 'a photo' has no {} where the label goes.")]
    [InlineData("dog", "{}", 1.5f, "abstain_below: expected a probability from 0 to 1, not 1.5.")]
    public void Wrong_settings_are_named(string labels, string template, float abstain, string message)
    {
        string[] list = labels.Length == 0 ? [] : labels.Split(',');

        Assert.Equal(message, Assert.Throws<FlowKitException>(() => ZeroShotClassifier.Create(Pictures.Model, list, [template], abstain)).Message);
    }
}
