using FlowKit.Clip.Models.Diagnostics;
using FlowKit.Clip.Onnx;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

/// <summary>Exports with a fault of each kind that the doctor looks for.</summary>
public sealed class EmbeddingDiagnosticsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-fault");

    [Fact]
    public void A_graph_that_mixes_its_batch_is_found()
    {
        var text = ModelLayouts.Text();
        AddMean(text, Output(text), axis: 0, share: 1);
        Write(text, ModelLayouts.Image(), "{}");

        AssertFound("text batches", ClipFindingState.Wrong, "an embedding depends on its neighbours");
        AssertFound("image batches", ClipFindingState.Ok, "alone and among others");
    }

    [Theory]
    [InlineData("""{"pad_to_context": true}""", ClipFindingState.Ok, "padding counts, and every text is padded to 77 ids")]
    [InlineData("""{"pad_to_context": false}""", ClipFindingState.Wrong, "\"pad_to_context\": true")]
    public void A_graph_that_reads_the_padding_must_say_so(string card, ClipFindingState state, string message)
    {
        var text = ModelLayouts.Text();
        text.Graph.Node.Insert(0, new NodeProto { OpType = "Cast", Input = { text.Graph.Input[0].Name }, Output = { "numbers" }, Attribute = { new AttributeProto { Name = "to", Type = OnnxTypes.IntAttribute, I = OnnxTypes.Float } } });
        AddMean(text, "numbers", axis: 1, share: 0.001f);
        Write(text, ModelLayouts.Image(), card);

        AssertFound("padding", state, message);
    }

    [Fact]
    public void Mixed_up_channels_are_found_by_their_colours()
    {
        var image = ModelLayouts.Image();
        var pixels = image.Graph.Input[0].Name;
        foreach (var node in image.Graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == pixels ? "turned" : node.Input[i];
            }
        }

        image.Graph.Initializer.Add(new TensorProto { Name = "bgr", DataType = OnnxTypes.Int64, Dims = { 3 }, Int64Data = { 2, 1, 0 } });
        image.Graph.Node.Insert(0, new NodeProto { OpType = "Gather", Input = { pixels, "bgr" }, Output = { "turned" }, Attribute = { new AttributeProto { Name = "axis", Type = OnnxTypes.IntAttribute, I = 1 } } });
        Write(ModelLayouts.Text(), image, "{}");

        AssertFound("colours", ClipFindingState.Unsure, "look at mean, std and the order of channels");
    }

    [Fact]
    public void A_card_that_promises_length_1_is_held_to_it()
    {
        Write(ModelLayouts.Text(), ModelLayouts.Image(), """{"normalized": true}""");

        AssertFound("length", ClipFindingState.Unsure, "the card says length 1, and the graph gives");
    }

    [Fact]
    public void A_graph_that_gives_length_1_unsaid_is_told()
    {
        ModelLayouts.All["transformers, joint"](_folder.FullName);

        AssertFound("length", ClipFindingState.Unsure, "the card does not say so (\"normalized\": true)");
    }

    [Fact]
    public void A_model_of_one_tower_is_judged_by_it()
    {
        ModelLayouts.Image().Save(At("visual.onnx"));
        var findings = ModelDiagnostics.Run(_folder.FullName);

        Assert.DoesNotContain(findings, static finding => finding.State == ClipFindingState.Wrong);
        Assert.Contains(findings, static finding => finding.Check == "image batches");
        Assert.DoesNotContain(findings, static finding => finding.Check is "text batches" or "padding" or "colours");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Output(GraphRecipe recipe) => recipe.Graph.Output[0].Name;

    /// <summary>Adds a share of a mean over an axis to the graph's output.</summary>
    private static void AddMean(GraphRecipe recipe, string of, long axis, float share)
    {
        var name = Output(recipe);
        foreach (var node in recipe.Graph.Node)
        {
            for (var i = 0; i < node.Output.Count; i++)
            {
                node.Output[i] = node.Output[i] == name ? "plain" : node.Output[i];
            }
        }

        recipe.Graph.Node.Add(new NodeProto
        {
            OpType = "ReduceMean",
            Input = { of == name ? "plain" : of },
            Output = { "mean" },
            Attribute = { new AttributeProto { Name = "axes", Type = OnnxTypes.IntsAttribute, Ints = { axis } }, new AttributeProto { Name = "keepdims", Type = OnnxTypes.IntAttribute, I = 1 } },
        });
        recipe.Graph.Initializer.Add(new TensorProto { Name = "share", DataType = OnnxTypes.Float, FloatData = { share } });
        recipe.Graph.Node.Add(new NodeProto { OpType = "Mul", Input = { "mean", "share" }, Output = { "part" } });
        recipe.Graph.Node.Add(new NodeProto { OpType = "Add", Input = { "plain", "part" }, Output = { name } });
    }

    private void Write(GraphRecipe text, GraphRecipe image, string card)
    {
        text.Save(At("textual.onnx"));
        image.Save(At("visual.onnx"));
        ModelLayouts.CopyVocabulary(_folder.FullName);
        File.WriteAllText(At("model.json"), card);
    }

    private void AssertFound(string check, ClipFindingState state, string message)
    {
        var finding = Assert.Single(ModelDiagnostics.Run(_folder.FullName), finding => finding.Check == check);
        Assert.Equal((state, true), (finding.State, finding.Message.Contains(message, StringComparison.Ordinal)));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
