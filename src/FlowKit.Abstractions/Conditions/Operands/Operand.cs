namespace FlowKit;

/// <summary>Describes what a field is compared with: a value of the query, or another field of the same document.</summary>
internal sealed class Operand
{
    /// <summary>A value of the query.</summary>
    public Operand(FieldValue value) => Value = value;

    /// <summary>Another field, which the query names in braces.</summary>
    public Operand(FieldPath field) => Field = field;

    /// <summary>The other field; <see langword="null"/> for a value of the query.</summary>
    public FieldPath? Field { get; }

    /// <summary>The value of the query, where there is no other field.</summary>
    public FieldValue Value { get; }

    /// <summary>The value for a document.</summary>
    public FieldValue Of(Document document) => Field is null ? Value : Field.Read(document);
}
