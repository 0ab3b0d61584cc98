using System.Runtime.InteropServices;
using FlowKit.Clip.Onnx;

namespace FlowKit.Clip.Models.Diagnostics;

/// <summary>
/// Looks for QuickGELU in the graphs: weights trained with it lose their accuracy when they are exported with GELU, and no error says so.
/// </summary>
internal static class GraphDiagnostics
{
    private const float QuickGelu = 1.702f;
    private const long MaxBytes = 1_000_000_000;

    internal static IEnumerable<ClipFinding> Run(ClipModelFolder folder)
    {
        var expected = folder.Card.Activation;
        if (expected.Length == 0)
        {
            yield break;
        }

        foreach (var path in new[] { folder.VisualPath, folder.TextualPath }.OfType<string>().Distinct())
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                continue;
            }

            using var stream = File.OpenRead(path);
            var graph = ModelProto.Parser.ParseFrom(stream).Graph;
            var quick = HasQuickGelu(graph);
            var isResNet = graph.Node.All(static node => node.OpType is not "Softmax");
            var isRight = quick == (expected == "quick_gelu")
                || isResNet
                || graph.Node.Any(static node => node.OpType.Contains("Gelu", StringComparison.OrdinalIgnoreCase));
            yield return isRight
                ? new ClipFinding("activation", ClipFindingState.Ok, $"{Path.GetFileName(path)}: {expected}")
                : new ClipFinding(
                    "activation",
                    ClipFindingState.Wrong,
                    $"{path} {(quick ? "has" : "lacks")} QuickGELU's constant 1.702, but the weights were trained with {expected}:"
                    + " it was exported with the wrong configuration");
        }
    }

    private static bool HasQuickGelu(GraphProto graph) =>
        graph.Initializer
            .Concat(graph.Node.SelectMany(static node => node.Attribute).Select(static attribute => attribute.T).OfType<TensorProto>())
            .Any(static tensor => Scalar(tensor) is { } value && Math.Abs(value - QuickGelu) < 2e-3f)
        || graph.Node
            .SelectMany(static node => node.Attribute)
            .Any(static attribute => attribute.HasF && Math.Abs(attribute.F - QuickGelu) < 2e-3f);

    private static float? Scalar(TensorProto tensor) => tensor.Dims.Aggregate(1L, static (product, size) => product * size) switch
    {
        not 1 => null,
        _ when tensor.DataType == OnnxTypes.Float && tensor.FloatData.Count == 1 => tensor.FloatData[0],
        _ when tensor.DataType == OnnxTypes.Float && tensor.RawData.Length == 4 => MemoryMarshal.Read<float>(tensor.RawData.Span),
        _ when tensor.DataType == OnnxTypes.Half && tensor.RawData.Length == 2 => (float)MemoryMarshal.Read<Half>(tensor.RawData.Span),
        _ => null,
    };
}
