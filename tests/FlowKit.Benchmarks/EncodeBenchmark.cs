using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Benchmarks;

/// <summary>R6: pictures per second through the whole HTTP flow, as a share of what the bare session does at the same batch and threads.</summary>
internal static class EncodeBenchmark
{
    private const int Batch = 32;
    private const int BatchesPerTurn = 6;
    private const double Goal = 0.95;

    internal static async Task<int> RunAsync(string model, int repeats)
    {
        await using var flow = await ServedFlow.StartAsync($$"""
            jtype: Flow
            gateway: {port: 0}
            executors:
              - name: encoder
                uses: ClipImageEncoder
                uses_with: {model: '{{model}}', batch_size: {{Batch}}, drop_image_content: true}
            """);
        using var fused = Open(model, fused: true);
        using var plain = Open(model, fused: false);
        var documents = Documents();
        var pixels = new float[Batch * 3 * 224 * 224];
        await ThroughFlowAsync(flow, documents);
        var session = Bare(fused, pixels) > Bare(plain, pixels) ? fused : plain;

        var (ours, limit) = (new List<double>(), new List<double>());
        for (var i = 0; i < repeats; i++)
        {
            ours.Add(await ThroughFlowAsync(flow, documents));
            limit.Add(Bare(session, pixels));
        }

        return Ratio.Print("R6", "images/s", ours, "flow", limit, "bare Run", Goal);
    }

    /// <summary>Both ways that are known to be fast here; the faster one is the limit.</summary>
    private static InferenceSession Open(string model, bool fused)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (!fused)
        {
            options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "LayerNormFusionL1;LayerNormFusionL2");
        }

        return new InferenceSession(Path.Combine(model, "visual.onnx"), options);
    }

    private static DocumentArray Documents()
    {
        var random = new Random(7);
        return new DocumentArray(Enumerable.Range(0, Batch).Select(_ =>
        {
            var pixels = new byte[224 * 224 * 3];
            random.NextBytes(pixels);
            return new Document { Tensor = NdArray.Wrap(pixels, 224, 224, 3) };
        }));
    }

    /// <summary>Two requests are under way, so that the next one is read while the model works.</summary>
    private static Task<double> ThroughFlowAsync(ServedFlow flow, DocumentArray documents) =>
        flow.EncodeAsync(Enumerable.Repeat(documents, BatchesPerTurn).SelectMany(batch => batch), Batch, prefetch: 2);

    private static double Bare(InferenceSession session, float[] pixels)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [Batch, 3, 224, 224]);
        using var runOptions = new RunOptions();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < BatchesPerTurn; i++)
        {
            using var outputs = session.Run(runOptions, ["pixel_values"], [input], ["image_embeds"]);
        }

        return Batch * BatchesPerTurn / watch.Elapsed.TotalSeconds;
    }
}
