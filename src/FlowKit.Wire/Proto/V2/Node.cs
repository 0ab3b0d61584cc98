namespace FlowKit.Wire.Proto.V2;

/// <summary>A value of DocArray v2, its NodeProto.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Value">
/// By kind: string, int, double, bool, <see cref="ReadOnlyMemory{T}"/> of bytes, <see cref="NdArray"/>, a dictionary of nodes (Doc, Dict),
/// a list of dictionaries (DocList), a list of nodes (List, Set, Tuple).
/// </param>
/// <param name="Type">The name of the Python type that it becomes again, such as <c>image_url</c>; null where the kind says it.</param>
internal sealed record Node(NodeKind Kind, object? Value, string? Type)
{
    public static Node None { get; } = new(NodeKind.None, null, null);
}
