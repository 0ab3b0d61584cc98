using System.Text.RegularExpressions;

namespace FlowKit.Configuration.Conditions;

/// <summary><c>$regex</c>: a text in which the pattern is found, anywhere.</summary>
/// <param name="path">Where the text is.</param>
/// <param name="pattern">What is looked for, with its time limit.</param>
internal sealed class PatternCondition(FieldPath path, Regex pattern) : ConditionNode
{
    /// <inheritdoc/>
    public override bool Holds(Document document)
    {
        if (path.Read(document).AsText is not { } text)
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
                + $"{pattern.MatchTimeout.TotalMilliseconds} ms for the document '{document.Id}'.", exception);
        }
    }
}
