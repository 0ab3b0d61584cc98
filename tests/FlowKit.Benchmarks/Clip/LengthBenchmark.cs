using System.Diagnostics;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>R9: texts per second at their own lengths against all padded to 77, and how near the embeddings are.</summary>
internal static class LengthBenchmark
{
    private const int Texts = 64;

    internal static int Run(string folder, int turns)
    {
        using var bucketed = ClipModel.Open(folder, new ClipModelOptions { Load = ClipTowers.Text });
        var padded = Padded(folder);
        try
        {
            using var whole = ClipModel.Open(padded, new ClipModelOptions { Load = ClipTowers.Text });
            var captions = Captions.Take(Texts);
            var worst = bucketed.EncodeTexts(captions).Zip(whole.EncodeTexts(captions), static (left, right) => ClipScoring.Cosine(left, right)).Min();
            var (ours, limit) = (new List<double>(), new List<double>());
            for (var turn = 0; turn < turns; turn++)
            {
                ours.Add(PerSecond(bucketed, captions));
                limit.Add(PerSecond(whole, captions));
            }

            Console.WriteLine(FormattableString.Invariant($"{captions.Average(caption => bucketed.Tokenizer.Encode(caption).Length):0.0} tokens a text; cosine to padded at least {worst:0.000000}"));
            return Ratio.Print("R9", "texts/s", ours, "own length", limit, "padded to 77", 2.5);
        }
        finally
        {
            Directory.Delete(padded, recursive: true);
        }
    }

    private static string Padded(string folder)
    {
        var copy = Directory.CreateTempSubdirectory("flowkit-bench-").FullName;
        foreach (var file in new[] { "textual.onnx", "merges.txt", "vocab.json" })
        {
            File.CreateSymbolicLink(Path.Combine(copy, file), Path.GetFullPath(Path.Combine(folder, file)));
        }

        File.WriteAllText(Path.Combine(copy, "model.json"), """{"context_length": 77, "pad_to_context": true}""");
        return copy;
    }

    private static double PerSecond(ClipModel model, string[] texts)
    {
        var watch = Stopwatch.StartNew();
        model.EncodeTexts(texts);
        return texts.Length / watch.Elapsed.TotalSeconds;
    }
}
