using FlowKit.Clip.Models;

namespace FlowKit.Clip.Tests;

public sealed class ClipModelLookupTests
{
    [Fact]
    public void A_file_in_a_models_folder_names_the_folder()
    {
        var folder = ClipModelLookup.Find("tiny-clip");

        Assert.Equal(folder, ClipModelLookup.Find(Path.Combine(folder, "textual.onnx")));
        Assert.Equal(folder, ClipModelLookup.Find(folder + Path.DirectorySeparatorChar));
    }

    [Theory]
    [InlineData("ViT-B/32", "`flowkit models pull ViT-B-32::openai` brings it")]
    [InlineData("ViT-B-32x", "The registry knows ")]
    [InlineData("./no-such-folder", "Built-in models: ")]
    public void A_model_that_is_not_here_is_told_where_it_could_be(string name, string advice)
    {
        var error = Assert.Throws<FlowKitException>(() => ClipModelLookup.Find(name)).Error;

        Assert.Equal(FlowErrorCode.NotFound, error.Code);
        Assert.Contains($"There is no CLIP model '{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_no_hub_keeps_is_told_how_to_add_it()
    {
        var entry = ClipRegistry.All.First(static entry => entry.Hub is null);

        var error = Assert.Throws<FlowKitException>(() => ClipModelLookup.Find(entry.Name));

        Assert.Contains("export it and add it with `flowkit models add`", error.Message, StringComparison.Ordinal);
    }
}
