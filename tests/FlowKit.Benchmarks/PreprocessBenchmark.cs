using System.Diagnostics;
using System.Globalization;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>Decode, resize, crop and normalise every photo of a folder on one thread, once per line that comes in.</summary>
/// <remarks>Driven by eng/bench/r11.sh, which lets the peer take turns with it.</remarks>
internal static class PreprocessBenchmark
{
    internal static int Serve(string folder)
    {
        var photos = Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
        var preprocessor = new ClipPreprocessor(ClipImageSpec.OpenAi);
        var tensor = new float[preprocessor.TensorLength];
        while (Console.ReadLine() is not null)
        {
            var watch = Stopwatch.StartNew();
            foreach (var photo in photos)
            {
                preprocessor.Write(photo, tensor);
            }

            Console.WriteLine(watch.Elapsed.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
        }

        return 0;
    }
}
