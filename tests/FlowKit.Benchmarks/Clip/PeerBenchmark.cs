using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Benchmarks;

/// <summary>
/// Photographs per second through the whole flow, against a service that prepares one photograph with Pillow, runs the session on it and takes the
/// next: its time for one is the sum of both, Pillow's measured in its own process and the session's here, in the same turn.
/// </summary>
internal static class PeerBenchmark
{
    private const int Batch = 16;
    private const double Goal = 1.5;

    internal static async Task<int> RunAsync(string folder, string photoFolder, int turns, string[] pillow)
    {
        var photos = Directory.GetFiles(photoFolder, "*.jpg").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
        await using var flow = await ServedFlow.OfPhotosAsync(folder, Batch);
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        using var session = new InferenceSession(Path.Combine(folder, "visual.onnx"), options);
        using var peer = Process.Start(new ProcessStartInfo(pillow[0], pillow[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var (ours, theirs, prepare, run) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var turn = 0; turn <= turns; turn++)
        {
            var flowed = await flow.EncodeAsync(photos, Batch);
            var (prepared, ran) = (Prepare(peer, photos.Length), OneByOne(session, photos.Length / 4));
            if (turn > 0)
            {
                ours.Add(flowed);
                theirs.Add(1000 / (prepared + ran));
                prepare.Add(prepared);
                run.Add(ran);
            }
        }

        peer.StandardInput.Close();
        await peer.WaitForExitAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{photos.Length} photographs; the peer's one: Pillow {Ratio.Median(prepare):0.0} ms, session at a batch of one {Ratio.Median(run):0.0} ms"));
        return Ratio.Print("peer", "images/s", ours, "flow", theirs, "Pillow and the session, one by one", Goal);
    }

    /// <summary>Milliseconds that Pillow takes for one photograph, all of them one after another.</summary>
    private static double Prepare(Process peer, int photos)
    {
        peer.StandardInput.WriteLine();
        peer.StandardInput.Flush();
        var seconds = peer.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{peer.StartInfo.FileName} {string.Join(' ', peer.StartInfo.ArgumentList)} ended.");
        return 1000 * double.Parse(seconds, CultureInfo.InvariantCulture) / photos;
    }

    /// <summary>Milliseconds of one run with one photograph, with all cores.</summary>
    private static double OneByOne(InferenceSession session, int runs)
    {
        var pixels = new float[3 * 224 * 224];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = MathF.Sin(i);
        }

        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, 224, 224]);
        using var options = new RunOptions();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < runs; i++)
        {
            using var outputs = session.Run(options, ["pixel_values"], [input], ["image_embeds"]);
        }

        return watch.Elapsed.TotalMilliseconds / runs;
    }
}
