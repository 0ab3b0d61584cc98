namespace FlowKit.Wire;

/// <summary>
/// The depth to which documents may lie in each other, in every form on the wire and in both directions: what was answered can be posted
/// back.
/// </summary>
internal static class DocumentDepth
{
    /// <summary>The levels of documents: a root, and 99 levels of chunks or matches in it.</summary>
    public const int Max = 100;

    /// <summary>The levels of JSON that a body may have: documents at their depth, and values in the last one.</summary>
    public const int MaxJson = (2 * Max) + 67;

    /// <summary>The reason for a refusal.</summary>
    public static readonly string Refusal = FormattableString.Invariant($"documents lie in each other more than {Max} deep");
}
