namespace FlowKit.Configuration.Conditions;

/// <summary><c>$and</c>: holds when every part does, and without any part.</summary>
/// <param name="parts">What must hold.</param>
internal sealed class AllCondition(ConditionNode[] parts) : ConditionNode
{
    /// <summary>Takes one part as itself, several as all of them.</summary>
    public static ConditionNode Of(ConditionNode[] parts) => parts is [var only] ? only : new AllCondition(parts);

    /// <inheritdoc/>
    public override bool Holds(Document document)
    {
        foreach (var part in parts)
        {
            if (!part.Holds(document))
            {
                return false;
            }
        }

        return true;
    }
}
