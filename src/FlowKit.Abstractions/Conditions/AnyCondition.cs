namespace FlowKit.Configuration.Conditions;

/// <summary><c>$or</c>: holds when at least one part does.</summary>
/// <param name="parts">Of which one must hold.</param>
internal sealed class AnyCondition(ConditionNode[] parts) : ConditionNode
{
    /// <inheritdoc/>
    public override bool Holds(Document document)
    {
        foreach (var part in parts)
        {
            if (part.Holds(document))
            {
                return true;
            }
        }

        return false;
    }
}
