namespace FlowKit.Configuration.Conditions;

/// <summary>An operator between a field and a value.</summary>
/// <param name="path">The field.</param>
/// <param name="comparison">What must hold between both.</param>
/// <param name="operand">The value, fixed or of another field.</param>
internal sealed class ComparisonCondition(FieldPath path, FieldComparison comparison, Operand operand) : ConditionNode
{
    /// <inheritdoc/>
    public override bool Holds(Document document) => comparison(path.Read(document), operand.Of(document));
}
