using FlowKit.Clip.Onnx;
using Google.Protobuf;

namespace FlowKit.Clip.Inference;

/// <summary>A tower's graph as the runtime gets it: the file itself, or the tower's share of a file that holds both.</summary>
/// <param name="Path">The file.</param>
/// <param name="Content">The cut-out graph, where the file holds both towers.</param>
/// <param name="HasExternal">Whether weights lie beside the file.</param>
internal sealed record TowerFile(string Path, byte[]? Content, bool HasExternal)
{
    /// <summary>Looks at a file, and cuts the tower out where that is needed.</summary>
    /// <exception cref="FlowKitException">Not a whole ONNX file.</exception>
    internal static TowerFile Open(string path, ClipTowers tower)
    {
        var header = OnnxHeader.Read(path);
        if (!header.TakesPixels || !header.TakesIds)
        {
            return new TowerFile(path, null, header.ExternalFiles.Count > 0);
        }

        var output = OutputChoice.Of(
            header.Outputs.Select(static value => (
                value.Name,
                value.Type?.TensorType?.Shape?.Dim.Count ?? 0,
                value.Type?.TensorType?.ElemType is OnnxTypes.Float or OnnxTypes.Half)),
            tower);
        using var stream = File.OpenRead(path);
        return new TowerFile(
            path,
            GraphCut.Keep(ModelProto.Parser.ParseFrom(stream), output).ToByteArray(),
            header.ExternalFiles.Count > 0);
    }
}
