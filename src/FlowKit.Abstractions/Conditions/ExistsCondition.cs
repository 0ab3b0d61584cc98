namespace FlowKit.Configuration.Conditions;

/// <summary><c>$exists</c>: a field of the document exists when it is not empty, a part of one when it is not null.</summary>
/// <param name="path">What is asked for.</param>
/// <param name="expected">Whether it must exist or must not.</param>
internal sealed class ExistsCondition(FieldPath path, bool expected) : ConditionNode
{
    /// <inheritdoc/>
    public override bool Holds(Document document)
    {
        var value = path.Read(document);
        return (path.EmptyIsMissing ? !value.IsEmpty : value.Kind != FieldKind.None) == expected;
    }
}
