namespace FlowKit;

/// <summary>
/// Fields of many documents in columns, so that a <see cref="DocumentCondition"/> is evaluated for all of them at once: a store keeps here
/// what filters ask for. Safe for many readers, or one writer.
/// </summary>
public sealed class DocumentColumns
{
    private readonly Dictionary<string, (FieldPath Path, FieldColumn Column)> _columns = new(StringComparer.Ordinal);

    /// <summary>Indicates whether there is no column yet.</summary>
    public bool IsEmpty => _columns.Count == 0;

    /// <summary>Tells whether there are columns for all fields of a condition.</summary>
    /// <param name="condition">The condition.</param>
    public bool Cover(DocumentCondition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition.Paths.All(path => _columns.ContainsKey(path.Name));
    }

    /// <summary>Makes the columns that a condition needs and that are not there.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="documents">All documents by their rows; they are read only when a column is missing.</param>
    public void Add(DocumentCondition condition, IEnumerable<(int Row, Document Document)> documents)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(documents);
        var missing = condition.Paths.Where(path => !_columns.ContainsKey(path.Name)).DistinctBy(path => path.Name)
            .Select(path => (Path: path, Column: new FieldColumn())).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        foreach (var (row, document) in documents)
        {
            foreach (var (path, column) in missing)
            {
                column.Set(row, path.Read(document));
            }
        }

        missing.ForEach(each => _columns[each.Path.Name] = each);
    }

    /// <summary>Takes a document's values in the place of those of its row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="document">The document, which is not kept.</param>
    public void Set(int row, Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        foreach (var (path, column) in _columns.Values)
        {
            column.Set(row, path.Read(document));
        }
    }

    /// <summary>The rows that a condition holds for.</summary>
    /// <param name="condition">The condition, all of whose fields have columns.</param>
    /// <param name="rows">The number of rows; one that was never set counts as one of an empty document.</param>
    /// <exception cref="FlowKitException">A <c>$regex</c> took longer than 250 ms.</exception>
    public RowSet Select(DocumentCondition condition, int rows)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition.Select(this, rows);
    }

    /// <summary>The column of a field, which must be there.</summary>
    internal FieldColumn Of(FieldPath path) => _columns[path.Name].Column;
}
