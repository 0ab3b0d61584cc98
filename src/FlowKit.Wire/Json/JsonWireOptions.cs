using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Json;

/// <summary>The options with which JSON is written.</summary>
/// <param name="Arrays">The form of arrays.</param>
/// <param name="SkipNulls">Leave unset fields out; Jina writes them all as null.</param>
public sealed record JsonWireOptions(ArrayFormat Arrays = ArrayFormat.List, bool SkipNulls = false)
{
    /// <summary>
    /// The form of documents: v1 by default; in v2 they have any fields, and what is not set is left out, as its classes have defaults.
    /// </summary>
    public DocArrayDialect Dialect { get; init; }

    /// <summary>Exactly Jina's JSON.</summary>
    public static JsonWireOptions Jina { get; } = new();

    /// <summary>Jina's JSON with DocArray v2.</summary>
    public static JsonWireOptions JinaV2 { get; } = new(SkipNulls: true) { Dialect = DocArrayDialect.V2 };

    /// <summary>The smallest JSON: base64 arrays, no nulls.</summary>
    public static JsonWireOptions Compact { get; } = new(ArrayFormat.Base64, SkipNulls: true);
}
