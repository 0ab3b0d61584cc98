namespace FlowKit.Configuration.Conditions;

/// <summary><c>$not</c>: holds when its part does not.</summary>
/// <param name="part">What must not hold.</param>
internal sealed class NotCondition(ConditionNode part) : ConditionNode
{
    /// <inheritdoc/>
    public override bool Holds(Document document) => !part.Holds(document);
}
