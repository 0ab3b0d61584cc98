namespace FlowKit.VectorStores.VectorData;

/// <summary>A tag as a property of a record.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Kind">The kind of its values.</param>
/// <param name="Path">The way to it inside the tags; empty for the id.</param>
internal sealed record RecordField(string Property, FieldKind Kind, IReadOnlyList<string> Path)
{
    /// <summary>Indicates whether it is the id, which every record has.</summary>
    public bool IsId => Path.Count == 0;

    /// <summary>The type of its values, of which null is none.</summary>
    public Type Type => Kind switch
    {
        FieldKind.Text => typeof(string),
        FieldKind.Number => typeof(double?),
        _ => typeof(bool?),
    };
}
