namespace FlowKit;

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

    /// <inheritdoc/>
    public override IEnumerable<FieldPath> Paths => parts.SelectMany(part => part.Paths);

    /// <inheritdoc/>
    public override RowSet Select(DocumentColumns columns, int rows)
    {
        var result = new RowSet(rows);
        result.Invert();
        foreach (var part in parts)
        {
            result.IntersectWith(part.Select(columns, rows));
        }

        return result;
    }
}
