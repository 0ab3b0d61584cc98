using System.Diagnostics;
using System.Globalization;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>Pictures and texts per second on a device, at batch sizes from 1 to 256: a table for eng/gpu/check.sh.</summary>
internal static class DeviceBenchmark
{
    private static readonly int[] Batches = [1, 2, 4, 8, 16, 32, 64, 128, 256];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    internal static int Run(string folder, string device)
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
                var images = PerSecond(batch, () => model.EncodePixels(pixels, batch));
                var texts = PerSecond(batch, () => model.EncodeTexts(captions));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{batch,5} {images,9:0.0} {texts,9:0.0}"));
            }
        }

        return 0;
    }

    private static double PerSecond(int batch, Action run)
    {
        run();
        var watch = Stopwatch.StartNew();
        var done = 0;
        for (; watch.Elapsed < Duration; done += batch)
        {
            run();
        }

        return done / watch.Elapsed.TotalSeconds;
    }
}
