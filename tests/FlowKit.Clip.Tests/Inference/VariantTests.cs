using FlowKit.Clip.Onnx;
using FlowKit.Imaging;

namespace FlowKit.Clip.Tests;

public sealed class VariantTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-variant");

    public VariantTests()
    {
        ModelLayouts.Text().Save(At("textual.onnx"));
        ModelLayouts.Image().Save(At("visual.onnx"));
        ModelLayouts.Text().Giving(OnnxTypes.Half).Save(At("textual_fp16.onnx"));
        ModelLayouts.Image().Taking(OnnxTypes.Half).Giving(OnnxTypes.Half).Save(At("visual_fp16.onnx"));
        ModelLayouts.Text().Quantised().Save(At("textual_int8.onnx"));
        ModelLayouts.Image().Quantised().Save(At("visual_quantized.onnx"));
        ModelLayouts.CopyVocabulary(_folder.FullName);
    }

    [Theory]
    [InlineData("fp16", 0.9999f)]
    [InlineData("int8", 0.97f)]
    public void A_variant_says_how_near_it_comes_to_the_exact_files(string variant, float least)
    {
        using var model = ClipModel.Open(_folder.FullName, new ClipModelOptions { Variant = variant });
        Assert.InRange(model.VariantCosines[ClipTowers.Text], least, 1.0001f);
        Assert.InRange(model.VariantCosines[ClipTowers.Image], least, 1.0001f);
        Assert.Equal(512, model.EncodeImages([RgbImage.Filled(9, 9, 1, 2, 3)])[0].Length);
    }

    [Fact]
    public void Without_a_variant_the_most_exact_files_are_taken()
    {
        using var model = ClipModel.Open(_folder.FullName);
        Assert.EndsWith("visual.onnx", model.Folder.VisualPath, StringComparison.Ordinal);
        Assert.Empty(model.VariantCosines);
    }

    [Fact]
    public void Variants_of_one_model_share_its_space()
    {
        using var exact = ClipModel.Open(_folder.FullName, new ClipModelOptions { Load = ClipTowers.None });
        using var small = ClipModel.Open(_folder.FullName, new ClipModelOptions { Load = ClipTowers.None, Variant = "int8" });
        Assert.Equal(exact.ModelId, small.ModelId);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
