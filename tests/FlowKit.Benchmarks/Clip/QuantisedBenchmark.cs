using System.Diagnostics;
using FlowKit.Clip;
using FlowKit.Tests;

namespace FlowKit.Benchmarks;

/// <summary>R10: pictures and texts per second in int8 against fp32 at ViT-B/32's size, with all cores for one call and with a call for each, and what a trained model's searches lose by it.</summary>
internal static class QuantisedBenchmark
{
    private const int Batch = 16;
    private const int Nearest = 10;

    internal static int Run(string folder, string photos, int turns)
    {
        Compare(folder, turns, "all cores a call", new ClipModelOptions());
        Compare(folder, turns, "a call a core", new ClipModelOptions { InferenceThreads = 1 });
        return Ratio.Print("R10 recall@10", Recall(photos), 0.97);
    }

    private static void Compare(string folder, int turns, string way, ClipModelOptions options)
    {
        using var exact = ClipModel.Open(folder, options);
        using var small = ClipModel.Open(folder, options with { Variant = "int8" });
        Console.WriteLine(FormattableString.Invariant($"smallest cosine int8 to fp32, random weights: image {small.VariantCosines[ClipTowers.Image]:0.0000} text {small.VariantCosines[ClipTowers.Text]:0.0000}"));
        var pixels = new float[Batch * exact.Preprocessor.TensorLength];
        var captions = Captions.Take(Batch);
        var (images, imagesExact, texts, textsExact) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var turn = 0; turn <= turns; turn++)
        {
            Add(turn, images, () => small.EncodePixels(pixels, Batch));
            Add(turn, imagesExact, () => exact.EncodePixels(pixels, Batch));
            Add(turn, texts, () => small.EncodeTexts(captions));
            Add(turn, textsExact, () => exact.EncodeTexts(captions));
        }

        Ratio.Print($"R10 image, {way}", "images/s", images, "int8", imagesExact, "fp32", 2.5);
        Ratio.Print($"R10 text, {way}", "texts/s", texts, "int8", textsExact, "fp32", 2.5);
    }

    private static void Add(int turn, List<double> into, Action run)
    {
        var watch = Stopwatch.StartNew();
        run();
        if (turn > 0)
        {
            into.Add(Batch / watch.Elapsed.TotalSeconds);
        }
    }

    /// <summary>Of the ten photographs nearest to each, the share that is the same in both precisions of tiny-clip.</summary>
    private static double Recall(string photos)
    {
        var folder = Directory.CreateTempSubdirectory("flowkit-bench-").FullName;
        try
        {
            var source = ClipModelFolder.Open("tiny-clip").FullPath;
            GraphRecipe.Of(Path.Combine(source, "visual.onnx")).Quantised().Save(Path.Combine(folder, "visual.onnx"));
            using var exact = ClipModel.Open("tiny-clip", new ClipModelOptions { Load = ClipTowers.Image });
            using var small = ClipModel.Open(folder, new ClipModelOptions { Load = ClipTowers.Image });
            var files = Directory.GetFiles(photos, "*.jpg").Order(StringComparer.Ordinal).Select(static path => (ReadOnlyMemory<byte>)File.ReadAllBytes(path)).ToArray();
            var (left, right) = (Neighbours(exact.EncodeImages(files)), Neighbours(small.EncodeImages(files)));
            return left.Zip(right, static (a, b) => a.Intersect(b).Count() / (double)Nearest).Average();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<int[]> Neighbours(float[][] embeddings) =>
        [.. embeddings.Select((query, i) => Enumerable.Range(0, embeddings.Length).Where(j => j != i).OrderByDescending(j => ClipScoring.Cosine(query, embeddings[j])).Take(Nearest).ToArray())];
}
