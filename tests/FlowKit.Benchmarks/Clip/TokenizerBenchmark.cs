using System.Diagnostics;
using System.Text;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>Megabytes of text per second to CLIP's ids, against Hugging Face's library with the same vocabulary.</summary>
internal static class TokenizerBenchmark
{
    private const int Texts = 4096;

    internal static int Run(string tokenizerJson, int turns)
    {
        var texts = Captions.Take(Texts);
        var megabytes = texts.Sum(static text => Encoding.UTF8.GetByteCount(text)) / 1e6;
        var tokenizer = ClipTokenizer.Load(tokenizerJson);
        using var peer = new Tokenizers.DotNet.Tokenizer(tokenizerJson);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var turn = 0; turn <= turns; turn++)
        {
            Add(turn, ours, texts, text => tokenizer.Encode(text), megabytes);
            Add(turn, theirs, texts, text => peer.Encode(text), megabytes);
        }

        return Ratio.Print("tokenizer", "MB/s", ours, "ours", theirs, "Hugging Face", 1);
    }

    private static void Add(int turn, List<double> into, string[] texts, Action<string> encode, double megabytes)
    {
        var watch = Stopwatch.StartNew();
        foreach (var text in texts)
        {
            encode(text);
        }

        if (turn > 0)
        {
            into.Add(megabytes / watch.Elapsed.TotalSeconds);
        }
    }
}
