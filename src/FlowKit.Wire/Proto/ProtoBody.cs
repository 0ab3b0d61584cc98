namespace FlowKit.Wire.Proto;

/// <summary>Writes, or measures, the fields of a message.</summary>
internal delegate void ProtoBody<in T>(ref ProtoWriter writer, T message);
