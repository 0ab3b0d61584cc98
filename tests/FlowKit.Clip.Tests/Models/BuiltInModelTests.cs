namespace FlowKit.Clip.Tests;

public sealed class BuiltInModelTests
{
    [Fact]
    public void The_built_in_model_opens_by_name_and_passes_its_self_test()
    {
        using var model = ClipModel.Open("tiny-clip");
        Assert.StartsWith("tiny-clip@", model.ModelId, StringComparison.Ordinal);
        Assert.Equal(512, model.Dimension);
        Assert.NotNull(model.Card.SelfTest);
        Assert.NotEmpty(model.Card.SelfTest.Cross);
    }

    [Fact]
    public void It_tells_a_red_picture_from_a_blue_one()
    {
        using var model = ClipModel.Open("tiny-clip");
        var texts = model.EncodeTexts(["red", "blue"]);
        var images = model.EncodeImages([Imaging.RgbImage.Filled(300, 200, 220, 30, 35), Imaging.RgbImage.Filled(200, 300, 30, 60, 220)]);
        Assert.True(ClipScoring.Cosine(texts[0], images[0]) > ClipScoring.Cosine(texts[1], images[0]));
        Assert.True(ClipScoring.Cosine(texts[1], images[1]) > ClipScoring.Cosine(texts[0], images[1]));
    }
}
