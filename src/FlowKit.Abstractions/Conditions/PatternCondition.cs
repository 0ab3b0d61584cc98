using System.Text.RegularExpressions;

namespace FlowKit;

/// <summary><c>$regex</c>: a text in which the pattern is found, anywhere.</summary>
/// <param name="path">Where the text is.</param>
/// <param name="pattern">What is looked for, with its time limit.</param>
internal sealed class PatternCondition(FieldPath path, Regex pattern) : ConditionNode
{
    /// <inheritdoc/>
    public override IEnumerable<FieldPath> Paths => [path];

    /// <inheritdoc/>
    public override bool Holds(Document document) => Holds(path.Read(document), document.Id);

    /// <inheritdoc/>
    public override RowSet Select(DocumentColumns columns, int rows) => columns.Of(path).Select(rows, value => Holds(value, id: null));

    /// <param name="value">The text.</param>
    /// <param name="id">The document's id for an error, where it is known.</param>
    private bool Holds(FieldValue value, string? id)
    {
        if (value.AsText is not { } text)
        {
            return false;
        }

        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{path.Name}.$regex: '{pattern}' took longer than "
                + $"{pattern.MatchTimeout.TotalMilliseconds} ms for {(id is null ? "one text" : $"the document '{id}'")}.", exception);
        }
    }
}
