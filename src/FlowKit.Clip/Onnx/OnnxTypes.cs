namespace FlowKit.Clip.Onnx;

/// <summary>ONNX's numbers for element types and attribute types, those that are used here.</summary>
internal static class OnnxTypes
{
    internal const int Float = 1;
    internal const int UInt8 = 2;
    internal const int Int8 = 3;
    internal const int Int32 = 6;
    internal const int Int64 = 7;
    internal const int Half = 10;

    internal const int FloatAttribute = 1;
    internal const int IntAttribute = 2;
    internal const int TensorAttribute = 4;
    internal const int IntsAttribute = 7;

    internal const int ExternalData = 1;

    /// <summary>The name people know an element type by.</summary>
    internal static string Name(int type) => type switch
    {
        Float => "float32",
        UInt8 => "uint8",
        Int8 => "int8",
        Int32 => "int32",
        Int64 => "int64",
        Half => "float16",
        _ => $"type {type}",
    };
}
