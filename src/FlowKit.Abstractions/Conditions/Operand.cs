namespace FlowKit.Configuration.Conditions;

/// <summary>Describes what a field is compared with: a value of the query, or another field of the same document.</summary>
internal sealed class Operand
{
    private readonly FieldPath? _field;
    private readonly FieldValue _value;

    /// <summary>A value of the query.</summary>
    public Operand(FieldValue value) => _value = value;

    /// <summary>Another field, which the query names in braces.</summary>
    public Operand(FieldPath field) => _field = field;

    /// <summary>The value for a document.</summary>
    public FieldValue Of(Document document) => _field is null ? _value : _field.Read(document);
}
