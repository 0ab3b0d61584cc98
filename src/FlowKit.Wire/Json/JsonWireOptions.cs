namespace FlowKit.Wire.Json;

/// <summary>The options with which JSON is written.</summary>
/// <param name="Arrays">The form of arrays.</param>
/// <param name="SkipNulls">Leave unset fields out; Jina writes them all as null.</param>
public sealed record JsonWireOptions(ArrayFormat Arrays = ArrayFormat.List, bool SkipNulls = false)
{
    /// <summary>Exactly Jina's JSON.</summary>
    public static JsonWireOptions Jina { get; } = new();

    /// <summary>The smallest JSON: base64 arrays, no nulls.</summary>
    public static JsonWireOptions Compact { get; } = new(ArrayFormat.Base64, SkipNulls: true);
}
