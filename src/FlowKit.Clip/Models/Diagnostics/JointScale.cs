using FlowKit.Clip.Inference;
using FlowKit.Clip.Inference.Texts;
using FlowKit.Clip.Onnx;
using FlowKit.Imaging;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip.Models.Diagnostics;

/// <summary>Measures logit scale and bias where the folder holds a graph that gives logits: the line through logits over cosines.</summary>
internal static class JointScale
{
    private static readonly string[] Texts = ["red", "a photo of a cat", "blue", "snowy streets at night"];

    private static readonly string[] Places = ["onnx/model.onnx", "model.onnx"];

    internal static ClipFinding? Measure(ClipModel model)
    {
        if (!model.HasText || !model.HasImages || Joint(model.Folder) is not { } path)
        {
            return null;
        }

        var (scale, bias, worst) = Fit(model, path);
        var card = model.Card;
        var isRight = card.ScaleStated
            && Math.Abs(scale - card.LogitScale) <= 0.01f * Math.Abs(scale)
            && Math.Abs(bias - card.LogitBias) <= 0.01f * Math.Max(1, Math.Abs(bias));
        if (worst > 0.01f * Math.Max(1, Math.Abs(scale)))
        {
            return new ClipFinding(
                "scale",
                ClipFindingState.Unsure,
                $"the logits of {path} do not lie on a line over these towers' cosines:"
                + " the joint graph is another model, or preprocesses otherwise");
        }

        if (isRight)
        {
            var computed = FormattableString.Invariant($"logit_scale {scale:F3}, logit_bias {bias:F3}, as the joint graph computes");
            return new ClipFinding("scale", ClipFindingState.Ok, computed);
        }

        var stated = card.ScaleStated ? FormattableString.Invariant($"says {card.LogitScale} and {card.LogitBias}") : "says nothing";
        return new ClipFinding(
            "scale",
            ClipFindingState.Wrong,
            FormattableString.Invariant($"the joint graph computes with \"logit_scale\": {scale:F4}, \"logit_bias\": {bias:F4};")
            + $" the card {stated}: write them into {ClipModelFolder.CardFile}");
    }

    private static string? Joint(ClipModelFolder folder) => Places.Select(name => Path.Combine(folder.FullPath, name))
        .FirstOrDefault(static path =>
            File.Exists(path)
                && OnnxHeader.Read(path) is { TakesIds: true, TakesPixels: true } header
                && header.Outputs.Any(static output => output.Name.Contains("logits", StringComparison.Ordinal)));

    private static (float Scale, float Bias, float Worst) Fit(ClipModel model, string path)
    {
        RgbImage[] images = [RgbImage.Filled(64, 64, 220, 30, 35), RgbImage.Filled(64, 64, 40, 80, 220)];
        var (left, right) = (model.EncodeTexts(Texts), model.EncodeImages(images));
        var logits = Logits(model, path, images);
        var points = (
            from i in Enumerable.Range(0, left.Length)
            from j in Enumerable.Range(0, right.Length)
            select (X: (double)ClipScoring.Cosine(left[i], right[j]), Y: (double)logits[(i * right.Length) + j])).ToList();
        var (x, y) = (points.Average(static point => point.X), points.Average(static point => point.Y));
        var slope = points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
        var bias = y - (slope * x);
        return ((float)slope, (float)bias, (float)points.Max(point => Math.Abs(point.Y - (slope * point.X) - bias)));
    }

    /// <summary>Logits, texts by pictures.</summary>
    private static float[] Logits(ClipModel model, string path, RgbImage[] images)
    {
        using var options = new SessionOptions();
        using var session = new InferenceSession(path, options);
        var tokens = Texts.Select(text => model.Tokenizer.Encode(text)).ToArray();
        var length = model.Card.ContextLength;
        var values = new List<OrtValue>();
        try
        {
            var names = new List<string>();
            foreach (var port in GraphPort.All(session.InputMetadata))
            {
                names.Add(port.Name);
                values.Add(port.IsIds ? Ids(port, tokens, length) : Pixels(model, images));
            }

            var name = session.OutputMetadata.Keys.FirstOrDefault(static key => key.Contains("per_text", StringComparison.Ordinal))
                ?? session.OutputMetadata.Keys.First(static key => key.Contains("logits", StringComparison.Ordinal));
            using var runOptions = new RunOptions();
            using var results = session.Run(runOptions, names, values, [name]);
            var flat = results[0].GetTensorDataAsSpan<float>().ToArray();
            if (!name.Contains("per_image", StringComparison.Ordinal))
            {
                return flat;
            }

            var transposed =
                from i in Enumerable.Range(0, Texts.Length)
                from j in Enumerable.Range(0, images.Length)
                select flat[(j * Texts.Length) + i];
            return [.. transposed];
        }
        finally
        {
            values.ForEach(static value => value.Dispose());
        }
    }

    private static OrtValue Ids(GraphPort port, TokenizedText[] tokens, int length)
    {
        if (port.Type == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int32)
        {
            var ints = new int[tokens.Length * length];
            TextInputs.Fill<int>(TextInputs.Of(port), tokens, ints, length);
            return OrtValue.CreateTensorValueFromMemory(ints, [tokens.Length, length]);
        }

        var longs = new long[tokens.Length * length];
        TextInputs.Fill<long>(TextInputs.Of(port), tokens, longs, length);
        return OrtValue.CreateTensorValueFromMemory(longs, [tokens.Length, length]);
    }

    private static OrtValue Pixels(ClipModel model, RgbImage[] images)
    {
        var each = model.Preprocessor.TensorLength;
        var pixels = new float[images.Length * each];
        for (var i = 0; i < images.Length; i++)
        {
            model.Preprocessor.Write(images[i], pixels.AsSpan(i * each, each));
        }

        return OrtValue.CreateTensorValueFromMemory(pixels, [images.Length, 3, model.Card.ImageSize, model.Card.ImageSize]);
    }
}
