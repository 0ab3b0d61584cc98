using FlowKit.Clip;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Benchmarks;

/// <summary>One text embedded by a process that has just started: with everything we do, and with a bare session and the ids at hand. A script times the processes.</summary>
internal static class ColdStart
{
    internal static int Ours(string folder)
    {
        using var model = ClipModel.Open(folder, new ClipModelOptions { Load = ClipTowers.Text });
        Console.WriteLine(model.EncodeTexts(["a photo of a cat"])[0].Length);
        return 0;
    }

    internal static int Bare(string folder)
    {
        using var options = new SessionOptions();
        using var session = new InferenceSession(Path.Combine(folder, "textual.onnx"), options);
        using var ids = OrtValue.CreateTensorValueFromMemory(new long[] { 4094, 320, 1125, 539, 320, 2368, 4095, 0 }, [1, 8]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["input_ids"], [ids], ["text_embeds"]);
        Console.WriteLine(results[0].GetTensorTypeAndShape().Shape[1]);
        return 0;
    }
}
