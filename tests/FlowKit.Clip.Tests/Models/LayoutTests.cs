using FlowKit.Clip.Inference;
using FlowKit.Imaging;

namespace FlowKit.Clip.Tests;

/// <summary>Whatever an exporter calls things: the same weights give the same embeddings.</summary>
public sealed class LayoutTests : IDisposable
{
    private static readonly string[] Texts = ["red", "a photo of a cat", "two small blue stars above a green square"];

    private static readonly RgbImage[] Images = [RgbImage.Filled(300, 200, 220, 30, 35), RgbImage.Filled(64, 64, 30, 60, 220), RgbImage.Filled(224, 224, 9, 200, 9)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-layout");

    public static TheoryData<string> Names => [.. ModelLayouts.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layout_gives_the_embeddings_of_the_model_it_was_made_of(string layout)
    {
        ModelLayouts.All[layout](_folder.FullName);
        using var expected = ClipModel.Open("tiny-clip");
        using var model = ClipModel.Open(_folder.FullName);
        Assert.Equal(512, model.Dimension);
        Assert.Equal((77, 224), (model.Card.ContextLength, model.Card.ImageSize));
        var lengthOne = layout.Contains("joint", StringComparison.Ordinal);
        var within = layout.Contains("16", StringComparison.Ordinal) ? 1e-3f : 1e-5f;
        AssertEqual(expected.EncodeTexts(Texts), model.EncodeTexts(Texts), lengthOne, within);
        AssertEqual(expected.EncodeImages(Images), model.EncodeImages(Images), lengthOne, within);
        using var inParts = ClipModel.Open(_folder.FullName, new ClipModelOptions { InferenceThreads = 1, Concurrency = 2 });
        AssertEqual(expected.EncodeTexts(Texts), inParts.EncodeTexts(Texts), lengthOne, within);
        AssertEqual(expected.EncodeImages(Images), inParts.EncodeImages(Images), lengthOne, within);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_fixed_batch_takes_any_number_of_documents(int batch)
    {
        ModelLayouts.Text().FixedTo(batch).Save(Path.Combine(_folder.FullName, "textual.onnx"));
        ModelLayouts.Image().FixedTo(batch).Save(Path.Combine(_folder.FullName, "visual.onnx"));
        ModelLayouts.CopyVocabulary(_folder.FullName);
        using var expected = ClipModel.Open("tiny-clip");
        using var model = ClipModel.Open(_folder.FullName, new ClipModelOptions { MaxBatch = 4 });
        AssertEqual(expected.EncodeTexts(Texts), model.EncodeTexts(Texts), lengthOne: false, 1e-5f);
        AssertEqual(expected.EncodeImages(Images), model.EncodeImages(Images), lengthOne: false, 1e-5f);
    }

    [Fact]
    public void A_text_of_a_joint_graph_does_not_cost_a_picture()
    {
        ModelLayouts.All["transformers, joint"](_folder.FullName);
        var whole = Path.Combine(_folder.FullName, "onnx", "model.onnx");
        var text = TowerFile.Open(whole, ClipTowers.Text).Content!;
        var image = TowerFile.Open(whole, ClipTowers.Image).Content!;
        Assert.InRange(text.Length + image.Length, 1, new FileInfo(whole).Length * 1.01);
        Assert.DoesNotContain("pixel_values", Onnx.ModelProto.Parser.ParseFrom(text).Graph.Input.Select(static input => input.Name));
        Assert.DoesNotContain("input_ids", Onnx.ModelProto.Parser.ParseFrom(image).Graph.Input.Select(static input => input.Name));
    }

    [Fact]
    public void Two_files_for_one_tower_are_an_error_that_names_both_and_the_way_out()
    {
        ModelLayouts.Image().Save(Path.Combine(_folder.FullName, "visual.onnx"));
        ModelLayouts.Image().Save(Path.Combine(_folder.FullName, "my_image_tower.onnx"));
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open(_folder.FullName));
        Assert.Contains("visual.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains("my_image_tower.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"files\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_states_instead_of_embeddings_are_an_error_that_says_the_shape()
    {
        var recipe = ModelLayouts.Text().Named("input_ids", "last_hidden_state");
        recipe.Graph.Output[0].Type.TensorType.Shape.Dim.Insert(1, new Onnx.DimensionProto { DimParam = "length" });
        recipe.Graph.Initializer.Add(new Onnx.TensorProto { Name = "states", DataType = Onnx.OnnxTypes.Int64, Dims = { 3 }, Int64Data = { -1, 2, 256 } });
        var maker = recipe.Graph.Node.Single(static node => node.Output.Contains("last_hidden_state"));
        maker.Output[maker.Output.IndexOf("last_hidden_state")] = "flat";
        recipe.Graph.Node.Add(new Onnx.NodeProto { OpType = "Reshape", Input = { "flat", "states" }, Output = { "last_hidden_state" } });
        recipe.Graph.Output[0].Type.TensorType.Shape.Dim[2] = new Onnx.DimensionProto { DimValue = 256 };
        recipe.Save(Path.Combine(_folder.FullName, "textual.onnx"));
        ModelLayouts.CopyVocabulary(_folder.FullName);
        using var model = ClipModel.Open(_folder.FullName);
        var error = Assert.Throws<FlowKitException>(() => model.EncodeTexts(Texts));
        Assert.Contains("one embedding", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void AssertEqual(float[][] expected, float[][] actual, bool lengthOne, float within)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (lengthOne)
            {
                ClipScoring.Normalise(expected[i]);
            }

            Assert.InRange(ClipScoring.Cosine(expected[i], actual[i]), 1 - within, 1.0001f);
            Assert.InRange(ClipScoring.Norm(actual[i]) / ClipScoring.Norm(expected[i]), 1 - (10 * within), 1 + (10 * within));
        }
    }
}
