namespace FlowKit;

/// <summary>Holds values to be equal that are of one kind and are written alike; of structured data each is its own.</summary>
internal sealed class FieldValueComparer : IEqualityComparer<FieldValue>
{
    /// <summary>The comparer, which has no state.</summary>
    public static readonly FieldValueComparer Instance = new();

    /// <inheritdoc/>
    public bool Equals(FieldValue x, FieldValue y) => x.Kind == y.Kind && x.Kind switch
    {
        FieldKind.None => true,
        FieldKind.Text => string.Equals(x.AsText, y.AsText, StringComparison.Ordinal),
        FieldKind.Flag or FieldKind.Number => x.AsNumber.Equals(y.AsNumber),
        FieldKind.Sized => x.Size == y.Size,
        FieldKind.Json => ReferenceEquals(x.AsJson, y.AsJson),
        _ => false,
    };

    /// <inheritdoc/>
    public int GetHashCode(FieldValue obj) => obj.Kind switch
    {
        FieldKind.Text => obj.AsText!.GetHashCode(StringComparison.Ordinal),
        FieldKind.Json => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.AsJson),
        FieldKind.Sized => HashCode.Combine(obj.Kind, obj.Size),
        _ => HashCode.Combine(obj.Kind, obj.AsNumber),
    };
}
