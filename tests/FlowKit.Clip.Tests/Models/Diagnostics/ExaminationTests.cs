using FlowKit.Clip.Models;
using FlowKit.Clip.Models.Diagnostics;

namespace FlowKit.Clip.Tests;

public sealed class ExaminationTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("flowkit-doctor");

    [Fact]
    public void A_sound_model_has_nothing_wrong()
    {
        var findings = ModelDiagnostics.Run("tiny-clip");
        Assert.DoesNotContain(findings, static finding => finding.State == ClipFindingState.Wrong);
        Assert.Contains(findings, static finding => finding is { Check: "self-test", State: ClipFindingState.Ok });
        Assert.Contains(findings, static finding => finding is { Check: "text batches", State: ClipFindingState.Ok });
    }

    [Fact]
    public void Swapped_towers_are_found()
    {
        ModelLayouts.Text().Save(Path.Combine(_root.FullName, "visual.onnx"));
        ModelLayouts.Image().Save(Path.Combine(_root.FullName, "textual.onnx"));
        ModelLayouts.CopyVocabulary(_root.FullName);
        AssertWrong("swapped");
    }

    [Fact]
    public void A_wrong_mean_is_found_by_the_self_test()
    {
        Added("transformers");
        Change("\"checksums\"", "\"mean\": [0.1, 0.5, 0.9], \"checksums\"");
        AssertWrong("self-test");
    }

    [Theory]
    [InlineData("100", true)]
    [InlineData("30.827818", false)]
    public void A_wrong_scale_is_measured_on_the_joint_graph(string stated, bool isWrong)
    {
        ModelLayouts.All["transformers, joint"](_root.FullName);
        File.WriteAllText(Path.Combine(_root.FullName, "model.json"), $$"""{"logit_scale": {{stated}}, "normalized": true}""");
        var finding = Assert.Single(ModelDiagnostics.Run(_root.FullName), static finding => finding.Check == "scale");
        Assert.Equal(isWrong ? ClipFindingState.Wrong : ClipFindingState.Ok, finding.State);
        Assert.Contains("30.82", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_with_another_activation_is_found()
    {
        ModelLayouts.All["transformers"](_root.FullName);
        File.WriteAllText(Path.Combine(_root.FullName, "model.json"), """{"activation": "gelu"}""");
        var quick = ModelDiagnostics.Run(_root.FullName).Any(static finding => finding is { Check: "activation", State: ClipFindingState.Wrong });
        File.WriteAllText(Path.Combine(_root.FullName, "model.json"), """{"activation": "quick_gelu"}""");
        Assert.NotEqual(quick, ModelDiagnostics.Run(_root.FullName).Any(static finding => finding is { Check: "activation", State: ClipFindingState.Wrong }));
    }

    [Fact]
    public void A_file_that_was_changed_after_it_was_added_is_found()
    {
        Added("transformers");
        File.AppendAllText(Path.Combine(_root.FullName, "tokenizer.json"), " ");
        AssertWrong("tokenizer.json");
    }

    [Fact]
    public void An_added_model_is_found_by_its_name_and_keeps_its_self_test()
    {
        var card = Added("immich");
        Assert.Contains("\"self_test\"", card, StringComparison.Ordinal);
        Assert.Contains("visual/model.onnx", card, StringComparison.Ordinal);
        var store = new ClipModelStore(Path.Combine(_root.FullName, "store"));
        Assert.Equal(["mine"], store.Names);
        Assert.DoesNotContain(ModelDiagnostics.Run(store.FolderOf("mine")!), static finding => finding.State == ClipFindingState.Wrong);
        var error = Assert.Throws<FlowKitException>(() => ClipModelAdder.Add(ClipModelFolder.Open("tiny-clip").FullPath, "mine", null, store));
        Assert.Contains("taken", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_added_stays_as_it_was()
    {
        ModelLayouts.All["transformers"](_root.FullName);
        Assert.Throws<FlowKitException>(() => ClipModelAdder.Add(_root.FullName, "mine", "ViT-L/14", new ClipModelStore(Path.Combine(_root.FullName, "store"))));
        Assert.False(File.Exists(Path.Combine(_root.FullName, "model.json")));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private string Added(string layout)
    {
        ModelLayouts.All[layout](_root.FullName);
        return File.ReadAllText(ClipModelAdder.Add(_root.FullName, "mine", null, new ClipModelStore(Path.Combine(_root.FullName, "store"))));
    }

    private void Change(string from, string to)
    {
        var path = Path.Combine(_root.FullName, "model.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
    }

    private void AssertWrong(string word) =>
        Assert.Contains(ModelDiagnostics.Run(_root.FullName), finding => finding.State == ClipFindingState.Wrong && (finding.Message + finding.Check).Contains(word, StringComparison.Ordinal));
}
