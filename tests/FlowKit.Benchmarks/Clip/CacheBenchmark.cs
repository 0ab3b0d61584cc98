using System.Diagnostics;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>Texts per second where every one was seen before, against the model; both tokenize.</summary>
internal static class CacheBenchmark
{
    internal static int Run(string folder, int turns)
    {
        using var cached = ClipModel.Open(folder, new ClipModelOptions { Load = ClipTowers.Text, TextCacheBytes = 64 << 20 });
        using var plain = ClipModel.Open(folder, new ClipModelOptions { Load = ClipTowers.Text });
        var captions = Captions.Take(32);
        cached.EncodeTexts(captions);
        plain.EncodeTexts(captions);
        var (hits, misses) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < turns; turn++)
        {
            hits.Add(PerSecond(cached, captions, rounds: 200));
            misses.Add(PerSecond(plain, captions, rounds: 1));
        }

        return Ratio.Print("cache", "texts/s", hits, "hits", misses, "model", 100);
    }

    private static double PerSecond(ClipModel model, string[] texts, int rounds)
    {
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < rounds; round++)
        {
            model.EncodeTexts(texts);
        }

        return rounds * texts.Length / watch.Elapsed.TotalSeconds;
    }
}
