using FlowKit.Imaging;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class ModelFolderTests
{
    [SharedDataFact(PrototypeModel.Needs)]
    public void A_folder_without_a_card_is_read_from_its_configuration_files()
    {
        var folder = ClipModelFolder.Open(PrototypeModel.Folder);
        Assert.Equal(512, folder.Card.Dimension);
        Assert.Equal(25.236f, folder.Card.LogitScale, 0.001f);
        Assert.Equal(77, folder.Card.ContextLength);
        Assert.Equal(ClipImageSpec.OpenAi.Mean, folder.Card.Mean);
        Assert.False(folder.Card.PadToContext);
        Assert.Matches("^out@[0-9a-f]{8}$", folder.Card.ModelId);
    }

    [SharedDataTheory(PrototypeModel.Needs)]
    [InlineData("textual.onnx", "visual.onnx", "merges.txt", "vocab.json")]
    [InlineData("onnx/text_model.onnx", "onnx/vision_model.onnx", "merges.txt", "vocab.json")]
    [InlineData("textual/model.onnx", "visual/model.onnx", "textual/merges.txt", "textual/vocab.json")]
    [InlineData("clip_textual.onnx", "clip_visual.onnx", "merges.txt", "vocab.json")]
    public void Every_usual_layout_opens_and_embeds(string textual, string visual, string merges, string vocab)
    {
        var folder = PrototypeModel.Copy(("text_model.onnx", textual), ("vision_model.onnx", visual), ("merges.txt", merges), ("vocab.json", vocab));
        using (var model = ClipModel.Open(folder.FullName))
        {
            Assert.Equal(512, model.EncodeTexts(["a red apple"])[0].Length);
            Assert.Equal(100f, model.Card.LogitScale);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public void An_open_clip_configuration_decides_size_mean_and_squashing()
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-config");
        File.WriteAllBytes(Path.Combine(folder.FullName, "visual.onnx"), [1]);
        File.WriteAllText(Path.Combine(folder.FullName, "open_clip_config.json"), """{"model_cfg":{},"preprocess_cfg":{"size":[256,256],"mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5],"interpolation":"bilinear","resize_mode":"squash"}}""");
        var spec = ClipModelFolder.Open(folder.FullName).Card.ToImageSpec();
        Assert.Equal((256, ResizeMode.Squash, ResampleFilter.Bilinear), (spec.Size, spec.Resize, spec.Filter));
        Assert.Equal([0.5f, 0.5f, 0.5f], spec.Std);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void An_unknown_model_is_an_error_that_says_what_was_looked_for()
    {
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open("no-such-model"));
        Assert.Equal(FlowErrorCode.NotFound, error.Error.Code);
        Assert.Contains("'no-such-model'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Built-in models:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_model_is_an_error_that_says_which_files_were_looked_for()
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-empty");
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName));
        Assert.Equal(FlowErrorCode.NotFound, error.Error.Code);
        Assert.Contains("textual.onnx", error.Message, StringComparison.Ordinal);
        folder.Delete();
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_text_tower_without_a_vocabulary_is_an_error_that_says_which_files_were_looked_for()
    {
        var folder = PrototypeModel.Copy(("text_model.onnx", "textual.onnx"));
        using (var model = ClipModel.Open(folder.FullName))
        {
            var error = Assert.Throws<FlowKitException>(() => model.EncodeTexts(["x"]));
            Assert.Contains("tokenizer.json", error.Message, StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_model_without_an_image_tower_says_so()
    {
        var folder = PrototypeModel.Copy(("text_model.onnx", "textual.onnx"), ("merges.txt", "merges.txt"), ("vocab.json", "vocab.json"));
        using (var model = ClipModel.Open(folder.FullName))
        {
            Assert.False(model.HasImages);
            var error = Assert.Throws<FlowKitException>(() => model.EncodeImages([RgbImage.Filled(8, 8, 1, 2, 3)]));
            Assert.Contains("no image tower", error.Message, StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }
}
