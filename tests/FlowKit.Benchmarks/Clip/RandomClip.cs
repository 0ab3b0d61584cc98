using System.Text.Json;
using FlowKit.Clip.Onnx;
using FlowKit.Tests;

namespace FlowKit.Benchmarks;

/// <summary>A model of ViT-B/32's size with random weights: the graphs and the sizes of OpenAI's, nothing learned; texts of any length; fp16 and int8 beside fp32.</summary>
internal static class RandomClip
{
    internal const int Output = 512;

    private const int ImageWidth = 768;
    private const int TextWidth = 512;
    private const int Layers = 12;
    private const int Patch = 32;
    private const int Size = 224;
    private const int Context = 77;
    private const int Vocabulary = 4096;

    private const string Recipe = "Random weights, recipe 2.";

    /// <summary>Writes the folder, unless it is there as this recipe makes it.</summary>
    internal static int Write(string folder)
    {
        var card = Path.Combine(folder, "model.json");
        if (File.Exists(card) && File.ReadAllText(card).Contains(Recipe, StringComparison.Ordinal))
        {
            return 0;
        }

        Directory.CreateDirectory(folder);
        var vocabulary = FlowKit.Clip.ClipModelFolder.Open("tiny-clip").FullPath;
        foreach (var name in new[] { "merges.txt", "vocab.json" })
        {
            File.Copy(Path.Combine(vocabulary, name), Path.Combine(folder, name), overwrite: true);
        }

        foreach (var (name, build) in new (string, Func<ModelProto>)[] { ("visual", Image), ("textual", Text) })
        {
            Save(build(), Path.Combine(folder, name + ".onnx"));
            GraphRecipe.Of(Path.Combine(folder, name + ".onnx")).Quantised().Save(Path.Combine(folder, name + "_int8.onnx"));
            GraphRecipe.Of(Path.Combine(folder, name + ".onnx")).Halved().Save(Path.Combine(folder, name + "_fp16.onnx"));
        }

        File.WriteAllText(card, JsonSerializer.Serialize(new { name = "vit-b-32-random", description = Recipe, dimension = Output, image_size = Size, context_length = Context, pad_to_context = false }));
        return 0;
    }

    private static ModelProto Image()
    {
        var graph = new TowerBuilder(ImageWidth, 12, seed: 1);
        const int Tokens = ((Size / Patch) * (Size / Patch)) + 1;
        var patches = graph.Op("Conv", ["pixel_values", graph.Weight(ImageWidth, 3, Patch, Patch)], TowerBuilder.Ints("strides", Patch, Patch), TowerBuilder.Ints("kernel_shape", Patch, Patch));
        var rows = graph.Op("Transpose", [graph.Op("Reshape", [patches, graph.Shape(0, ImageWidth, Tokens - 1)])], TowerBuilder.Ints("perm", 0, 2, 1));
        var batch = graph.Op("Slice", [graph.Op("Shape", ["pixel_values"]), graph.Shape(0), graph.Shape(1)]);
        var first = graph.Op("Expand", [graph.Weight(1, 1, ImageWidth), graph.Op("Concat", [batch, graph.Shape(1, ImageWidth)], TowerBuilder.Int("axis", 0))]);
        var x = graph.Norm(graph.Op("Add", [graph.Op("Concat", [first, rows], TowerBuilder.Int("axis", 1)), graph.Weight(Tokens, ImageWidth)]));
        x = graph.Layers(x, Layers, mask: null);
        var pooled = graph.Op("Gather", [graph.Norm(x), graph.Index(0)], TowerBuilder.Int("axis", 1));
        return graph.Build(pooled, TowerBuilder.Value("pixel_values", OnnxTypes.Float, -1, 3, Size, Size), "image_embeds", Output);
    }

    private static ModelProto Text()
    {
        var graph = new TowerBuilder(TextWidth, 8, seed: 2);
        var shape = graph.Op("Shape", ["input_ids"]);
        var length = graph.Op("Slice", [shape, graph.Shape(1), graph.Shape(2)]);
        var places = graph.Op("Slice", [graph.Weight(Context, TextWidth), graph.Shape(0), length, graph.Shape(0)]);
        var x = graph.Op("Add", [graph.Op("Gather", [graph.Weight(Vocabulary, TextWidth), "input_ids"], TowerBuilder.Int("axis", 0)), places]);
        var square = graph.Op("Concat", [length, length], TowerBuilder.Int("axis", 0));
        var mask = graph.Op("Trilu", [graph.Op("Expand", [graph.Number(-1e9f), square]), graph.Index(1)], TowerBuilder.Int("upper", 1));
        x = graph.Norm(graph.Layers(x, Layers, mask));
        var end = graph.Op("ArgMax", ["input_ids"], TowerBuilder.Int("axis", 1), TowerBuilder.Int("keepdims", 1));
        var pooled = graph.Op("GatherND", [x, end], TowerBuilder.Int("batch_dims", 1));
        return graph.Build(pooled, TowerBuilder.Value("input_ids", OnnxTypes.Int64, -1, -1), "text_embeds", Output);
    }

    private static void Save(ModelProto model, string path)
    {
        using var stream = File.Create(path);
        using var output = new Google.Protobuf.CodedOutputStream(stream);
        model.WriteTo(output);
    }
}
