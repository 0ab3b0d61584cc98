using System.Diagnostics;
using FlowKit.Client;
using FlowKit.Clip;

namespace FlowKit.Benchmarks;

/// <summary>R7: JPEGs through the whole HTTP flow, as a share of what all cores could do if they never waited: cores ÷ (decode and pre-process + model, each on one core).</summary>
internal static class JpegBenchmark
{
    private const int Photos = 64;
    private const int Batch = 16;

    internal static async Task<int> RunAsync(string folder, string photoFolder, int turns)
    {
        var photos = Directory.GetFiles(photoFolder, "*.jpg").Order(StringComparer.Ordinal).Take(Photos).Select(File.ReadAllBytes).ToArray();
        await using var flow = await ServedFlow.StartAsync($$"""
            jtype: Flow
            gateway: {port: 0}
            executors:
              - name: encoder
                uses: ClipImageEncoder
                replicas: 2
                uses_with: {model: '{{folder}}', batch_size: {{Batch}}, drop_image_content: true}
            """);
        using var alone = ClipModel.Open(folder, new ClipModelOptions { Load = ClipTowers.Image, InferenceThreads = 1, MaxBatch = Batch });
        await ThroughFlowAsync(flow.Client, photos);
        OneCore(alone, photos);
        var (ours, limit) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < turns; turn++)
        {
            ours.Add(await ThroughFlowAsync(flow.Client, photos));
            limit.Add(Environment.ProcessorCount * OneCore(alone, photos));
        }

        return Ratio.Print("R7", "images/s", ours, "flow", limit, "cores / (pixels + model on one core)", 0.9);
    }

    private static async Task<double> ThroughFlowAsync(FlowClient client, byte[][] photos)
    {
        var watch = Stopwatch.StartNew();
        var inputs = photos.Select(static (photo, i) => new Document($"p{i}") { Blob = photo }).ToAsyncEnumerable();
        await foreach (var reply in client.PostAsync("/encode", inputs, new PostOptions { RequestSize = Batch, Prefetch = 4 }))
        {
            if (reply.Status is not null || reply.Documents.Any(static document => document.Embedding is null))
            {
                throw new InvalidOperationException(reply.Status?.Description ?? "A document came back without its embedding.");
            }
        }

        return photos.Length / watch.Elapsed.TotalSeconds;
    }

    private static double OneCore(ClipModel model, byte[][] photos)
    {
        var pixels = new float[Batch * model.Preprocessor.TensorLength];
        var watch = Stopwatch.StartNew();
        for (var start = 0; start < photos.Length; start += Batch)
        {
            for (var i = 0; i < Batch; i++)
            {
                model.Preprocessor.Write(photos[start + i], pixels.AsSpan(i * model.Preprocessor.TensorLength));
            }

            model.EncodePixels(pixels, Batch);
        }

        return photos.Length / watch.Elapsed.TotalSeconds;
    }
}
