namespace FlowKit.Wire.Json;

/// <summary>The forms in which arrays are written as JSON; both are always read.</summary>
public enum ArrayFormat
{
    /// <summary>Nested lists of numbers, as Jina writes them: readable, and a hundred times the cost of the other.</summary>
    List,

    /// <summary>
    /// An object <c>{"buffer": base64 of the raw bytes, "shape": […], "dtype": "&lt;f4"}</c>, the fields of Jina's DenseNdArrayProto.
    /// </summary>
    Base64,
}
