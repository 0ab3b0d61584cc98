namespace FlowKit;

/// <summary>Describes what an operator asks of a field's value and of what it is compared with.</summary>
internal delegate bool FieldComparison(in FieldValue field, in FieldValue operand);
