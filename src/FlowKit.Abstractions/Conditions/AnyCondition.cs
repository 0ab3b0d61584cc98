namespace FlowKit;

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

    /// <inheritdoc/>
    public override IEnumerable<FieldPath> Paths => parts.SelectMany(part => part.Paths);

    /// <inheritdoc/>
    public override RowSet Select(DocumentColumns columns, int rows)
    {
        var result = new RowSet(rows);
        foreach (var part in parts)
        {
            result.UnionWith(part.Select(columns, rows));
        }

        return result;
    }
}
