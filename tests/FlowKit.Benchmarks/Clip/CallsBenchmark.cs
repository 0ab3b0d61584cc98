using System.Diagnostics;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>How many calls of a tower should run at once: the default and a call for each core against one call at a time, alone and with others waiting.</summary>
internal static class CallsBenchmark
{
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(700);

    private static readonly (string Name, ClipModelOptions Options)[] s_ways =
    [
        ("one call of all cores", new ClipModelOptions { Concurrency = 1 }),
        ("default", new ClipModelOptions()),
        ("a call for each core", new ClipModelOptions { InferenceThreads = 1 }),
    ];

    internal static int Run(string folder, string variant, int turns)
    {
        var models = s_ways.Select(way => ClipModel.Open(folder, way.Options with { Variant = variant, MeasureVariant = false })).ToArray();
        foreach (var (callers, batch) in new[] { (1, 1), (1, 2), (1, 16), (4, 1), (4, 8) })
        {
            var texts = Captions.Take(batch);
            var pixels = new float[batch * models[0].Preprocessor.TensorLength];
            Compare($"texts, {callers} callers, {batch} each", models, model => model.EncodeTexts(texts), callers, batch, turns);
            Compare($"images, {callers} callers, {batch} each", models, model => model.EncodePixels(pixels, batch), callers, batch, turns);
        }

        foreach (var model in models)
        {
            model.Dispose();
        }

        return 0;
    }

    private static void Compare(string title, ClipModel[] models, Action<ClipModel> work, int callers, int batch, int turns)
    {
        var speeds = models.Select(_ => new List<double>()).ToArray();
        for (var turn = 0; turn <= turns; turn++)
        {
            for (var way = 0; way < models.Length; way++)
            {
                var speed = PerSecond(() => work(models[way]), callers) * batch;
                if (turn > 0)
                {
                    speeds[way].Add(speed);
                }
            }
        }

        var one = Ratio.Median(speeds[0]);
        Console.WriteLine($"{title}: {string.Join(", ", s_ways.Select((way, i) => FormattableString.Invariant($"{way.Name} {Ratio.Median(speeds[i]):0.0}/s = {Ratio.Median(speeds[i]) / one:0.00}")))}");
    }

    private static double PerSecond(Action work, int callers)
    {
        var watch = Stopwatch.StartNew();
        var done = 0;
        var threads = Enumerable.Range(0, callers).Select(_ => new Thread(Loop)).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        return done / watch.Elapsed.TotalSeconds;

        void Loop()
        {
            do
            {
                work();
                Interlocked.Increment(ref done);
            }
            while (watch.Elapsed < s_turn);
        }
    }
}
