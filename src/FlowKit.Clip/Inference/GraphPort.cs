using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowKit.Clip.Inference;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Dimensions">The shape; a negative dimension is free.</param>
internal sealed record GraphPort(string Name, TensorElementType Type, int[] Dimensions)
{
    /// <summary>The ports of a session's metadata.</summary>
    internal static List<GraphPort> All(IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        [
            .. metadata
                .Where(static entry => entry.Value.IsTensor)
                .Select(static entry => new GraphPort(entry.Key, entry.Value.ElementDataType, entry.Value.Dimensions)),
        ];

    /// <summary>A dimension where it is fixed, else <see langword="null"/>.</summary>
    internal int? Fixed(int axis) => axis < Dimensions.Length && Dimensions[axis] > 0 ? Dimensions[axis] : null;

    /// <summary>Indicates whether the port takes token ids, or a mask, positions or segment ids that go with them.</summary>
    internal bool IsIds => Type is TensorElementType.Int32 or TensorElementType.Int64;

    /// <summary>Bytes of one element.</summary>
    internal int ElementSize => Type switch
    {
        TensorElementType.Float or TensorElementType.Int32 => 4,
        TensorElementType.Float16 => 2,
        TensorElementType.Int64 => 8,
        TensorElementType.UInt8 => 1,
        _ => throw new FlowKitException(
            FlowErrorCode.FailedPrecondition,
            $"The graph's {this} has an element type that no CLIP model uses."),
    };

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' {Type} [{string.Join(", ", Dimensions.Select(SizeText))}]";

    private static string SizeText(int size) => size > 0 ? size.ToString(CultureInfo.InvariantCulture) : "?";
}
