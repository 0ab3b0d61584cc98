using System.Text;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class DamagedModelTests
{
    [SharedDataFact(PrototypeModel.Needs)]
    public void Swapped_towers_are_an_error_that_names_both_files()
    {
        var folder = PrototypeModel.Copy(("vision_model.onnx", "textual.onnx"), ("text_model.onnx", "visual.onnx"), ("merges.txt", "merges.txt"), ("vocab.json", "vocab.json"));
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName, new ClipModelOptions { Load = ClipTowers.Image }));
        Assert.Equal(FlowErrorCode.FailedPrecondition, error.Error.Code);
        Assert.Contains("visual.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains("textual.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains("swapped", error.Message, StringComparison.Ordinal);
        Assert.Contains("swapped", Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName, new ClipModelOptions { Load = ClipTowers.Text })).Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_cut_off_graph_is_an_error_that_names_its_file()
    {
        var folder = PrototypeModel.CopyAll();
        var path = Path.Combine(folder.FullName, "vision_model.onnx");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..100_000]);
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName));
        Assert.Equal(FlowErrorCode.DataLoss, error.Error.Code);
        Assert.Contains("vision_model.onnx", error.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_file_that_differs_from_its_card_is_an_error_that_names_it()
    {
        var folder = PrototypeModel.CopyAll();
        WriteCard(folder, new string('0', 64), "");
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName));
        Assert.Equal(FlowErrorCode.DataLoss, error.Error.Code);
        Assert.Contains("text_model.onnx", error.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_missing_file_is_an_error_that_names_it()
    {
        var folder = PrototypeModel.CopyAll();
        WriteCard(folder, null, "");
        File.Delete(Path.Combine(folder.FullName, "vision_model.onnx"));
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName));
        Assert.Equal(FlowErrorCode.NotFound, error.Error.Code);
        Assert.Contains("vision_model.onnx", error.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [SharedDataTheory(PrototypeModel.Needs)]
    [InlineData("""{"texts":[{"text":"a red apple","embedding_head":[9,9,9,9,9,9,9,9],"norm":25}]}""", "text tower")]
    [InlineData("""{"images":[{"rgb":[255,0,0],"embedding_head":[9,9,9,9,9,9,9,9],"norm":25}]}""", "image tower")]
    public void A_tower_that_fails_its_self_test_is_an_error_that_names_it(string test, string tower)
    {
        var folder = PrototypeModel.CopyAll();
        WriteCard(folder, null, $""", "self_test": {test}""");
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName));
        Assert.Equal(FlowErrorCode.FailedPrecondition, error.Error.Code);
        Assert.Contains(tower, error.Message, StringComparison.Ordinal);
        ClipModel.Open(folder.FullName, new ClipModelOptions { SelfTest = false }).Dispose();
        folder.Delete(recursive: true);
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_true_self_test_passes_and_a_wrong_cross_cosine_does_not()
    {
        var folder = PrototypeModel.CopyAll();
        WriteCard(folder, null, "");
        string text, image;
        float cosine;
        using (var model = ClipModel.Open(folder.FullName))
        {
            var (t, i) = (model.EncodeTexts(["a red apple"])[0], model.EncodeImages([Imaging.RgbImage.Filled(224, 224, 255, 0, 0)])[0]);
            cosine = ClipScoring.Cosine(t, i);
            text = FormattableString.Invariant($$"""{"text":"a red apple","embedding_head":[{{t[0]}},{{t[1]}}],"norm":{{ClipScoring.Norm(t)}}}""");
            image = FormattableString.Invariant($$"""{"rgb":[255,0,0],"embedding_head":[{{i[0]}},{{i[1]}}],"norm":{{ClipScoring.Norm(i)}}}""");
        }

        string Test(float value) => FormattableString.Invariant($$""", "self_test": {"texts":[{{text}}],"images":[{{image}}],"cross":[[{{value}}]]}""");
        WriteCard(folder, null, Test(cosine));
        ClipModel.Open(folder.FullName).Dispose();
        WriteCard(folder, null, Test(cosine + 0.1f));
        Assert.Contains("do not fit together", Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName)).Message, StringComparison.Ordinal);
        AssertCaughtBySecondTower(folder, ClipTowers.Text, static model => model.EncodeImages([Imaging.RgbImage.Filled(8, 8, 0, 0, 0)]));
        AssertCaughtBySecondTower(folder, ClipTowers.Image, static model => model.EncodeTexts(["a"]));
        folder.Delete(recursive: true);
    }

    /// <summary>Executors load one tower each of a model they share: the second one finds what the first could not.</summary>
    private static void AssertCaughtBySecondTower(DirectoryInfo folder, ClipTowers first, Action<ClipModel> useSecond)
    {
        using var model = ClipModel.Open(folder.FullName, new ClipModelOptions { Load = first });
        Assert.Contains("do not fit together", Assert.Throws<FlowKitException>(() => useSecond(model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("{\"model\": \"\u00ff\"}")]
    [InlineData("{\"model\": \"\\ud800\"}")]
    [InlineData("{\"name\": \"m\", \"name\": \"n\"}")]
    [InlineData("{\"name\": null, \"files\": {}}")]
    [InlineData("{\"name\": \"m\", \"files\": {\"visual\": {\"path\": null}}}")]
    [InlineData("{\"name\": \"m\", \"files\": {\"visual\": {}}}")]
    public void A_malformed_card_is_an_error_that_names_it(string card)
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-card");
        File.WriteAllText(Path.Combine(folder.FullName, "model.json"), card, Encoding.Latin1);
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(folder.FullName));
        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains("model.json", error.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static void WriteCard(DirectoryInfo folder, string? sha256, string more) => File.WriteAllText(
        Path.Combine(folder.FullName, "model.json"),
        $$"""
        { "name": "copy", "revision": "7", "dimension": 512, "logit_scale": 25.2,
          "files": { "visual": { "path": "vision_model.onnx" },
                     "textual": { "path": "text_model.onnx", "sha256": {{(sha256 is null ? "null" : $"\"{sha256}\"")}} },
                     "merges": { "path": "merges.txt" }, "vocab": { "path": "vocab.json" } }
          {{more}} }
        """);
}
