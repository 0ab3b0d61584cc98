namespace FlowKit.Wire.Proto;

/// <summary>How a field's value lies in the bytes, as protobuf numbers it.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}
