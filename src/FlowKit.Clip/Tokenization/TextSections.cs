using System.Buffers;
using FlowKit.Clip.Tokenization.Cleaning;

namespace FlowKit.Clip.Tokenization;

/// <summary>
/// Cuts a text into sections that are cleaned and split one by one, so that a long text costs no more memory than a short one. Nearly
/// every text is one section. A cut is a line's end where there is one, else white space, and within a word only where that fills a
/// section.
/// </summary>
/// <param name="text">The text.</param>
internal ref struct TextSections(string text)
{
    /// <summary>The most characters of a section: several times those of the longest words that a model's tokens hold.</summary>
    internal const int MaxLength = 16_384;

    private static readonly SearchValues<char> Spaces = CharacterSet.Of(MojibakeSigns.Space);

    private int _next;
    private bool _isDone;
    private bool _isHtml;

    /// <summary>The section found last.</summary>
    public TextSection Current { get; private set; }

    /// <summary>Gives this to a loop.</summary>
    public readonly TextSections GetEnumerator() => this;

    /// <summary>Finds the next section.</summary>
    public bool MoveNext()
    {
        if (_isDone)
        {
            return false;
        }

        _isHtml = _isHtml || (Current.Text?.Contains('<', StringComparison.Ordinal) ?? false);
        var continuesWord = _next > 0 && !Spaces.Contains(text[_next - 1]);
        var rest = text.AsSpan(_next);
        if (rest.Length <= MaxLength)
        {
            Current = new TextSection(_next == 0 ? text : rest.ToString(), continuesWord, _isHtml);
            _isDone = true;
            return true;
        }

        var end = EndOfSection(rest[..MaxLength]);
        Current = new TextSection(rest[..end].ToString(), continuesWord, _isHtml);

        // The white space itself belongs to no section: a tokenizer would take it for something that stands at the end.
        _next += end + (Spaces.Contains(rest[end]) ? 1 : 0);
        return true;
    }

    private static int EndOfSection(ReadOnlySpan<char> window)
    {
        var line = window.LastIndexOf('\n');
        if (line >= window.Length / 2)
        {
            return line;
        }

        var space = window.LastIndexOfAny(Spaces);
        if (space > 0)
        {
            return space;
        }

        return char.IsHighSurrogate(window[^1]) ? window.Length - 1 : window.Length;
    }
}
