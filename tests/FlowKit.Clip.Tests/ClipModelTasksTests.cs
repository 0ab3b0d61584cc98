using FlowKit.Imaging;

namespace FlowKit.Clip.Tests;

/// <summary>Roboflow's three calls: embed_text, embed_image, compare.</summary>
public sealed class ClipModelTasksTests
{
    [Fact]
    public void Texts_and_pictures_are_embedded_in_one_line()
    {
        var text = Pictures.Model.EmbedText("Hello World");
        var image = Pictures.Model.EmbedImage(Pictures.At("cocktail-glass"));

        Assert.Equal((1, 1, text[0].Length), (text.Length, image.Length, image[0].Length));
        Assert.Equal(Pictures.Model.EncodeTexts(["Hello World"])[0], text[0]);
    }

    [Fact]
    public void A_picture_is_nearest_to_what_it_shows()
    {
        var cosines = Pictures.Model.Compare(ClipInput.Image(Pictures.At("red-apple")), ["a red apple", "a dog", "a car"]);

        Assert.Equal(0, Array.IndexOf(cosines, cosines.Max()));
        Assert.All(cosines, cosine => Assert.InRange(cosine, -1f, 1f));
    }

    [Fact]
    public void Named_prompts_are_answered_by_name_and_either_side_may_be_a_picture()
    {
        var byName = Pictures.Model.Compare("a red apple", new Dictionary<string, ClipInput>
        {
            ["apple"] = ClipInput.Image(Pictures.At("red-apple")),
            ["text"] = "a red apple",
            ["bytes"] = ClipInput.Image(File.ReadAllBytes(Pictures.At("red-apple"))),
            ["dog"] = ClipInput.Image(Pictures.At("dog-face")),
        });

        Assert.Equal(1f, byName["text"], 4);
        Assert.Equal(byName["apple"], byName["bytes"], 5);
        Assert.True(byName["apple"] > byName["dog"]);
    }

    [Fact]
    public void Inputs_of_every_kind_keep_their_places()
    {
        using var pixels = ImageDecoder.Decode(File.ReadAllBytes(Pictures.At("dog-face")));
        var together = Pictures.Model.Embed([ClipInput.Image(pixels), "a dog", ClipInput.Image(Pictures.At("red-apple")), "an apple"]);

        Assert.Equal(Pictures.Model.EncodeImages([pixels])[0], together[0]);
        Assert.Equal(Pictures.Model.EncodeTexts(["an apple"])[0], together[3], (left, right) => Math.Abs(left - right) < 1e-5f);
    }

    [Fact]
    public void A_sentence_that_looks_like_a_file_stays_a_text()
    {
        Assert.False(ClipInput.PathOrText("struct StreamityCrowdsale.png").IsImage);
        Assert.False(ClipInput.PathOrText("").IsImage);
        Assert.False(ClipInput.PathOrText("text:nosuch.jpg").IsImage);
        Assert.True(ClipInput.PathOrText(Pictures.At("red-apple")).IsImage);
    }

    [Theory]
    [InlineData("nosuch.jpg", "'nosuch.jpg'")]
    [InlineData("my photos/no such.PNG", "'my photos/no such.PNG'")]
    [InlineData("file:no picture here", "'no picture here'")]
    public void A_path_of_a_picture_that_is_not_there_is_never_a_text(string value, string named)
    {
        var error = Assert.Throws<FlowKitException>(() => ClipInput.PathOrText(value));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_is_not_there_is_named()
    {
        var error = Assert.Throws<FlowKitException>(() => Pictures.Model.EmbedImage("bloody-mary.jpg"));

        Assert.Contains("bloody-mary.jpg' cannot be read", error.Message, StringComparison.Ordinal);
    }
}
