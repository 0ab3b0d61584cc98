namespace FlowKit;

/// <summary>An operator between a field and a value.</summary>
/// <param name="path">The field.</param>
/// <param name="comparison">What must hold between both.</param>
/// <param name="operand">The value, fixed or of another field.</param>
internal sealed class ComparisonCondition(FieldPath path, FieldComparison comparison, Operand operand) : ConditionNode
{
    /// <inheritdoc/>
    public override bool Holds(Document document) => comparison(path.Read(document), operand.Of(document));

    /// <inheritdoc/>
    public override IEnumerable<FieldPath> Paths => operand.Field is { } other ? [path, other] : [path];

    /// <inheritdoc/>
    public override RowSet Select(DocumentColumns columns, int rows)
    {
        var column = columns.Of(path);
        if (operand.Field is null)
        {
            var value = operand.Value;
            return column.Select(rows, field => comparison(field, value));
        }

        var others = columns.Of(operand.Field);
        var result = new RowSet(rows);
        for (var row = 0; row < rows; row++)
        {
            if (comparison(column[row], others[row]))
            {
                result.Add(row);
            }
        }

        return result;
    }
}
