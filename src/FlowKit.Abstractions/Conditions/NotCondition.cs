namespace FlowKit;

/// <summary><c>$not</c>: holds when its part does not.</summary>
/// <param name="part">What must not hold.</param>
internal sealed class NotCondition(ConditionNode part) : ConditionNode
{
    /// <inheritdoc/>
    public override bool Holds(Document document) => !part.Holds(document);

    /// <inheritdoc/>
    public override IEnumerable<FieldPath> Paths => part.Paths;

    /// <inheritdoc/>
    public override RowSet Select(DocumentColumns columns, int rows)
    {
        var result = part.Select(columns, rows);
        result.Invert();
        return result;
    }
}
