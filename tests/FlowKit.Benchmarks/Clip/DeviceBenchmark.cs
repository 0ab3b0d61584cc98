using System.Diagnostics;
using System.Globalization;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>Pictures and texts per second on a device, at batch sizes from 1 to 256: a table for eng/gpu/check.sh.</summary>
internal static class DeviceBenchmark
{
    private static readonly int[] Batches = [1, 2, 4, 8, 16, 32, 64, 128, 256];
    private const int LoadBatch = 64;

    internal static int Run(string folder, string device, TimeSpan each)
    {
        foreach (var variant in new[] { "fp32" }.Concat(Directory.GetFiles(folder, "*fp16*").Length > 0 ? ["fp16"] : []))
        {
            using var model = ClipModel.Open(folder, new ClipModelOptions { Device = device, MaxBatch = Batches[^1], Variant = variant });
            Console.WriteLine($"{model.ModelId} {variant} on {model.Device}");
            Console.WriteLine("batch  images/s   texts/s");
            foreach (var batch in Batches)
            {
                var captions = Captions.Take(batch);
                using var pixels = model.RentPixels(batch);
                var images = PerSecond(batch, each, () => model.EncodePixels(pixels, batch));
                var texts = PerSecond(batch, each, () => model.EncodeTexts(captions));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{batch,5} {images,9:0.0} {texts,9:0.0}"));
            }
        }

        return 0;
    }

    /// <summary>Keeps the image tower at work, and says when it begins: two callers, so that one batch waits while another is on the device, as an executor's prefetch has it.</summary>
    internal static int Load(string folder, string device, TimeSpan duration)
    {
        using var model = ClipModel.Open(folder, new ClipModelOptions { Device = device, MaxBatch = LoadBatch, Load = ClipTowers.Image });
        model.WarmUp([LoadBatch], ClipTowers.Image);
        Console.WriteLine($"working on {model.Device}, batches of {LoadBatch}");
        var rates = new double[2];
        var callers = Enumerable.Range(0, rates.Length).Select(caller => new Thread(() =>
        {
            using var pixels = model.RentPixels(LoadBatch);
            rates[caller] = PerSecond(LoadBatch, duration, () => model.EncodePixels(pixels, LoadBatch));
        })).ToList();
        callers.ForEach(static caller => caller.Start());
        callers.ForEach(static caller => caller.Join());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rates.Sum():0.0} images/s"));
        return 0;
    }

    private static double PerSecond(int batch, TimeSpan duration, Action run)
    {
        run();
        var watch = Stopwatch.StartNew();
        var done = 0;
        for (; watch.Elapsed < duration; done += batch)
        {
            run();
        }

        return done / watch.Elapsed.TotalSeconds;
    }
}
