using System.Diagnostics;
using System.Globalization;
using FlowKit.Client;
using FlowKit.Clip;
using FlowKit.Imaging;

namespace FlowKit.Benchmarks;

/// <summary>Where the time of an indexed JPEG goes, with tiny-clip: each part measured alone in one thread, and the whole flow over HTTP.</summary>
internal static class ShareReport
{
    private const int Passes = 5;

    private const string Flow = """
        jtype: Flow
        gateway: {port: 0}
        executors:
          - {name: decoder, uses: ImageDecoder}
          - {name: encoder, uses: ClipImageEncoder, uses_with: {drop_image_content: true}}
          - {name: indexer, uses: VectorIndexer, uses_with: {drop_embedding: true}}
        """;

    internal static async Task<int> RunAsync(string folder)
    {
        var photos = Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { Load = ClipTowers.Image });
        await using var flow = await ServedFlow.StartAsync(Flow);
        var parts = new (string Name, List<double> Milliseconds)[] { ("decode", []), ("pre-process", []), ("model", []), ("whole flow over HTTP", []) };
        for (var pass = 0; pass <= Passes; pass++)
        {
            var images = new RgbImage[photos.Length];
            var tensors = new float[photos.Length * model.Preprocessor.TensorLength];
            var seconds = new[]
            {
                Time(() => Each(photos, i => images[i] = ImageDecoder.Decode(photos[i]))),
                Time(() => Each(photos, i => model.Preprocessor.Write(images[i], tensors.AsSpan(i * model.Preprocessor.TensorLength)))),
                Time(() => model.EncodePixels(tensors, photos.Length)),
                await TimeAsync(() => IndexAsync(flow.Client, photos)),
            };
            Array.ForEach(images, image => image.Dispose());
            for (var i = 0; pass > 0 && i < parts.Length; i++)
            {
                parts[i].Milliseconds.Add(seconds[i] * 1000 / photos.Length);
            }
        }

        Print(parts);
        return 0;
    }

    private static void Print((string Name, List<double> Milliseconds)[] parts)
    {
        foreach (var (name, values) in parts)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: median {Ratio.Median(values):0.00} min {values.Min():0.00} max {values.Max():0.00} ms a photo"));
        }

        var work = parts[..3].Sum(part => Ratio.Median(part.Milliseconds));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"share of the work: {string.Join(", ", parts[..3].Select(part => $"{part.Name} {Ratio.Median(part.Milliseconds) / work:P0}"))}; the flow on {Environment.ProcessorCount} cores takes {Ratio.Median(parts[3].Milliseconds) / work:0.00} of that, wire and index included"));
    }

    private static async Task IndexAsync(FlowClient client, byte[][] photos)
    {
        var inputs = photos.Select((photo, i) => new Document($"p{i}") { Blob = photo }).ToAsyncEnumerable();
        await foreach (var reply in client.PostAsync("/index", inputs, new PostOptions { RequestSize = 20, Prefetch = 4 }))
        {
            if (reply.Status is not null || reply.Documents.Any(document => document.Error is not null))
            {
                throw new InvalidOperationException(reply.Status?.Message ?? "A photo was not indexed.");
            }
        }
    }

    private static void Each(byte[][] photos, Action<int> body)
    {
        for (var i = 0; i < photos.Length; i++)
        {
            body(i);
        }
    }

    private static double Time(Action body)
    {
        var watch = Stopwatch.StartNew();
        body();
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> TimeAsync(Func<Task> body)
    {
        var watch = Stopwatch.StartNew();
        await body();
        return watch.Elapsed.TotalSeconds;
    }
}
