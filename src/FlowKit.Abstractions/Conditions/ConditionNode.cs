namespace FlowKit;

/// <summary>A part of a condition.</summary>
internal abstract class ConditionNode
{
    /// <summary>Tells whether it holds for a document.</summary>
    public abstract bool Holds(Document document);

    /// <summary>The rows of columns that it holds for.</summary>
    public abstract RowSet Select(DocumentColumns columns, int rows);

    /// <summary>The fields that it reads.</summary>
    public abstract IEnumerable<FieldPath> Paths { get; }
}
