namespace FlowKit.Configuration.Diagnostics;

/// <summary>
/// The characters by which a text takes hold of the terminal that shows it: control characters, with which escape sequences begin, and
/// marks that turn the direction of what follows. Callers, executors and workers may send any.
/// </summary>
internal static class ControlCharacters
{
    private const char Replacement = '\uFFFD';

    /// <summary>Returns a text with a replacement character for each of them, but for tabs and line breaks.</summary>
    public static string Replace(string text) => text.Any(IsOne)
        ? string.Concat(text.Select((character, at) => IsOne(character) && !EndsLine(text, at) ? Replacement : character))
        : text;

    private static bool IsOne(char character) =>
        (char.IsControl(character) && character is not ('\t' or '\n'))
        || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>A carriage return is part of a line break before a line feed; alone it moves to the line's start.</summary>
    private static bool EndsLine(string text, int at) => text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n';
}
