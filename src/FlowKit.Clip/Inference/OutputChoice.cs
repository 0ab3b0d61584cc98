using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip.Inference;

/// <summary>
/// Finds the embedding among a graph's outputs: exporters give it many names and add token states, logits and the other tower's.
/// </summary>
internal static class OutputChoice
{
    private static readonly string[] NeverIt = ["hidden", "logits", "attention"];

    /// <summary>The output that is the tower's embedding; the first of equal ones.</summary>
    internal static string Of(IEnumerable<(string Name, int Rank, bool IsFloat)> outputs, ClipTowers tower) =>
        outputs.OrderByDescending(output => Score(output, tower)).First().Name;

    /// <summary>The same for a session's outputs.</summary>
    internal static GraphPort Of(IReadOnlyList<GraphPort> outputs, ClipTowers tower)
    {
        var name = Of(
            outputs.Select(static port =>
                (port.Name, port.Dimensions.Length, port.Type is TensorElementType.Float or TensorElementType.Float16)),
            tower);
        return outputs.First(port => port.Name == name);
    }

    private static int Score((string Name, int Rank, bool IsFloat) output, ClipTowers tower)
    {
        var (own, other) = tower == ClipTowers.Image ? ("image", "text") : ("text", "image");
        return (output.IsFloat ? 1000 : 0)
            - (NeverIt.Any(word => Has(word)) ? 500 : 0)
            - (Has(other) ? 300 : 0)
            + (Has("embed") ? 40 : 0) + (Has(own) ? 20 : 0) + (Has("pooler") ? 10 : 0)
            + (output.Rank == 2 ? 1 : 0);

        bool Has(string word) => output.Name.Contains(word, StringComparison.OrdinalIgnoreCase);
    }
}
