using System.Diagnostics;
using FlowKit.Clip;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Benchmarks;

/// <summary>R23: opening a model's towers against bare <c>InferenceSession</c>s of the same files, and again with the optimised graphs kept.</summary>
internal static class LoadBenchmark
{
    internal static int Run(string folder, int turns)
    {
        var cache = Directory.CreateTempSubdirectory("flowkit-bench-").FullName;
        try
        {
            Open(folder, cache);
            Open(folder, null);
            Bare(folder);
            var (plain, cached, bare) = (new List<double>(), new List<double>(), new List<double>());
            for (var turn = 0; turn < turns; turn++)
            {
                plain.Add(Open(folder, null));
                bare.Add(Bare(folder));
                cached.Add(Open(folder, cache));
            }

            Ratio.PrintTimes("R23 load", plain, "ours", bare, "bare sessions", 1.1);
            return Ratio.PrintTimes("R23 second start", cached, "ours, optimised graphs kept", bare, "bare sessions", 0.6);
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private static double Open(string folder, string? cache)
    {
        var watch = Stopwatch.StartNew();
        using var model = ClipModel.Open(folder, new ClipModelOptions { OptimizedCache = cache });
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Bare(string folder)
    {
        var watch = Stopwatch.StartNew();
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        using var text = new InferenceSession(Path.Combine(folder, "textual.onnx"), options);
        using var image = new InferenceSession(Path.Combine(folder, "visual.onnx"), options);
        return watch.Elapsed.TotalMilliseconds;
    }
}
