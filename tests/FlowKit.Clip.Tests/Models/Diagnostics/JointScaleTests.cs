using FlowKit.Clip.Models.Diagnostics;
using FlowKit.Clip.Onnx;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

/// <summary>The scale that a joint graph computes with, however it is exported.</summary>
public sealed class JointScaleTests : IDisposable
{
    private const float Scale = 30.827818f;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-joint");

    [Fact]
    public void Logits_by_picture_and_ids_of_32_bits_give_the_same_scale()
    {
        var joint = Joint(ModelLayouts.Text().Named("input_ids", "text").Taking(OnnxTypes.Int32).Masked());
        joint.Graph.Node.Add(new NodeProto { OpType = "Transpose", Input = { "logits_per_text" }, Output = { "logits_per_image" }, Attribute = { new AttributeProto { Name = "perm", Type = OnnxTypes.IntsAttribute, Ints = { 1, 0 } } } });
        joint.Graph.Output[0].Name = "logits_per_image";
        Write(joint);

        AssertFound(ClipFindingState.Ok, "logit_scale 30.8");
    }

    [Fact]
    public void A_card_that_says_nothing_is_told_what_to_write()
    {
        Write(Joint(ModelLayouts.Text().Named("input_ids", "text").Masked()), """{"normalized": true, "scale_stated": false}""");

        AssertFound(ClipFindingState.Wrong, "the card says nothing: write them into model.json");
    }

    [Fact]
    public void Logits_that_are_no_line_over_the_cosines_are_not_measured()
    {
        var joint = Joint(ModelLayouts.Text().Named("input_ids", "text").Masked());
        joint.Graph.Node.Add(new NodeProto { OpType = "Mul", Input = { "logits_per_text", "logits_per_text" }, Output = { "logits_squared_per_text" } });
        joint.Graph.Output[0].Name = "logits_squared_per_text";
        Write(joint);

        AssertFound(ClipFindingState.Unsure, "do not lie on a line");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static GraphRecipe Joint(GraphRecipe text) => GraphRecipe.Joined(text, ModelLayouts.Image().Named("pixel_values", "image"), Scale);

    private void Write(GraphRecipe joint, string card = """{"normalized": true, "logit_scale": 30.827818}""")
    {
        joint.Save(Path.Combine(_folder.FullName, "onnx", "model.onnx"));
        ModelLayouts.CopyVocabulary(_folder.FullName);
        File.WriteAllText(Path.Combine(_folder.FullName, "model.json"), card);
    }

    private void AssertFound(ClipFindingState state, string message)
    {
        var finding = Assert.Single(ModelDiagnostics.Run(_folder.FullName), static finding => finding.Check == "scale");
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Equal(state, finding.State);
    }
}
