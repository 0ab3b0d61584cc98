using System.Diagnostics;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>R7: JPEGs through the whole HTTP flow, as a share of what all cores do when they never wait: each decodes, pre-processes and runs the model on one thread, with photographs of its own.</summary>
internal static class JpegBenchmark
{
    private const int Photos = 64;
    private const int Batch = 16;

    internal static async Task<int> RunAsync(string folder, string photoFolder, int turns)
    {
        var photos = Directory.GetFiles(photoFolder, "*.jpg").Order(StringComparer.Ordinal).Take(Photos).Select(File.ReadAllBytes).ToArray();
        await using var flow = await ServedFlow.OfPhotosAsync(folder, Batch);
        using var alone = ClipModel.Open(folder, new ClipModelOptions { Load = ClipTowers.Image, InferenceThreads = 1, MaxBatch = Batch });
        await flow.EncodeAsync(photos, Batch);
        AllCores(alone, photos);
        var (ours, limit) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < turns; turn++)
        {
            ours.Add(await flow.EncodeAsync(photos, Batch));
            limit.Add(AllCores(alone, photos));
        }

        return Ratio.Print("R7", "images/s", ours, "flow", limit, "every core by itself", 0.9);
    }

    private static double AllCores(ClipModel model, byte[][] photos)
    {
        var watch = Stopwatch.StartNew();
        var batches = new System.Collections.Concurrent.ConcurrentQueue<byte[][]>(photos.Chunk(Batch));
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            var pixels = new float[Batch * model.Preprocessor.TensorLength];
            while (batches.TryDequeue(out var batch))
            {
                for (var i = 0; i < batch.Length; i++)
                {
                    model.Preprocessor.Write(batch[i], pixels.AsSpan(i * model.Preprocessor.TensorLength));
                }

                model.EncodePixels(pixels.AsMemory(0, batch.Length * model.Preprocessor.TensorLength), batch.Length);
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        return photos.Length / watch.Elapsed.TotalSeconds;
    }
}
