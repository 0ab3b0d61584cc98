namespace FlowKit.VectorStores.VectorData;

/// <summary>The kinds of values that a collection of Microsoft.Extensions.VectorData filters by.</summary>
public enum FieldKind
{
    /// <summary>A text (<see cref="string"/>).</summary>
    Text,

    /// <summary>A number (<see cref="double"/>).</summary>
    Number,

    /// <summary>A flag (<see cref="bool"/>).</summary>
    Flag,
}
