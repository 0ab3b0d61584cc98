namespace FlowKit.Wire.Proto;

/// <summary>The encodings of a field's value, as protobuf numbers them.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}
