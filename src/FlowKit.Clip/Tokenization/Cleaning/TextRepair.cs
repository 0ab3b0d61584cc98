using System.Buffers;
using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>Mends what went wrong with a text on its way, as ftfy 6.3.1's <c>fix_text</c>, with which OpenAI's cleaning begins.</summary>
internal sealed class TextRepair
{
    private const int MaxLineLength = 1_000_000;

    // Nothing is ever changed in a text of these alone.
    private static readonly SearchValues<char> Plain = CharacterSet.Of("\t\n\f -%'-~");

    private readonly RepairBudget _budget;
    private readonly EncodingRepair _encodings;
    private bool _entities;

    private TextRepair(RepairBudget budget, bool isHtml)
    {
        (_budget, _entities) = (budget, !isHtml);
        _encodings = new EncodingRepair(budget);
    }

    /// <summary>The mended text.</summary>
    /// <param name="text">The text, or a section of one.</param>
    /// <param name="isHtml">Whether entities are left.</param>
    internal static string Of(string text, bool isHtml = false) =>
        text.AsSpan().ContainsAnyExcept(Plain) ? Of(text, new RepairBudget(text.Length), isHtml) : text;

    /// <summary>The mended text, within a budget: where it is spent, what is mended so far stays.</summary>
    internal static string Of(string text, RepairBudget budget, bool isHtml = false)
    {
        var repair = new TextRepair(budget, isHtml);
        if (EndOfLine(text, 0) == text.Length)
        {
            return repair.Line(text);
        }

        var result = new StringBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var end = EndOfLine(text, start);
            result.Append(repair.Line(text[start..end]));
            start = end;
        }

        return result.ToString();
    }

    private static int EndOfLine(string text, int start)
    {
        var feed = text.AsSpan(start).IndexOf('\n');
        var length = feed < 0 ? text.Length - start : feed + 1;
        if (length <= MaxLineLength)
        {
            return start + length;
        }

        return start + (char.IsHighSurrogate(text[start + MaxLineLength - 1]) ? MaxLineLength - 1 : MaxLineLength);
    }

    private string Line(string line)
    {
        // From the first angle bracket on a text is taken for HTML, whose entities are meant.
        _entities = _entities && !line.Contains('<', StringComparison.Ordinal);
        while (line.AsSpan().ContainsAnyExcept(Plain) && _budget.TrySpend(line.Length))
        {
            var mended = _entities ? HtmlText.UnescapeExact(line) : line;
            mended = CanonicalComposition.Of(CharacterRepair.Of(_encodings.Of(mended)));
            if (mended == line)
            {
                break;
            }

            line = mended;
        }

        return line;
    }
}
