namespace FlowKit;

/// <summary><c>$exists</c>: a field of the document exists when it is not empty, a part of one when it is not null.</summary>
/// <param name="path">What is asked for.</param>
/// <param name="expected">Whether it must exist or must not.</param>
internal sealed class ExistsCondition(FieldPath path, bool expected) : ConditionNode
{
    /// <inheritdoc/>
    public override IEnumerable<FieldPath> Paths => [path];

    /// <inheritdoc/>
    public override bool Holds(Document document) => Holds(path.Read(document));

    /// <inheritdoc/>
    public override RowSet Select(DocumentColumns columns, int rows) => columns.Of(path).Select(rows, Holds);

    private bool Holds(FieldValue value) => (path.EmptyIsMissing ? !value.IsEmpty : value.Kind != FieldKind.None) == expected;
}
