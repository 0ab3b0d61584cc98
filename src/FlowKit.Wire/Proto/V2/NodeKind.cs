namespace FlowKit.Wire.Proto.V2;

/// <summary>The kinds of values in a <see cref="Node"/>; the numbers are those of NodeProto's fields.</summary>
internal enum NodeKind
{
    None = 0,
    Text = 1,
    Integer = 2,
    Float = 3,
    Boolean = 4,
    Blob = 5,
    Array = 6,
    Doc = 7,
    DocList = 8,
    List = 9,
    Set = 10,
    Tuple = 11,
    Dict = 12,
}
