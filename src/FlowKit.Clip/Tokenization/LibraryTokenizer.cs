using Microsoft.ML.Tokenizers;

namespace FlowKit.Clip.Tokenization;

/// <summary>
/// WordPiece, SentencePiece and byte-level BPE, as Microsoft.ML.Tokenizers does them, with CLIP's manner of cutting and padding.
/// </summary>
internal sealed class LibraryTokenizer(
    TokenizerPlan plan,
    int contextLength,
    int padId,
    TextCleaning cleaning,
    bool lowerCase) : TextTokenizer(contextLength, padId)
{
    /// <inheritdoc/>
    public override int VocabularySize => plan.VocabularySize;

    /// <inheritdoc/>
    public override TokenizedText Encode(string text, SpecialTokens specialTokens = SpecialTokens.Literal)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fitted = new FittedTokens(plan, ContextLength, PadId);
        foreach (var section in new TextSections(text))
        {
            fitted.BeginSection(section.ContinuesWord);
            var cleaned = TextCleaner.Clean(section.Text, cleaning, section.IsHtml);
            cleaned = lowerCase ? cleaned.ToLowerInvariant() : cleaned;
            foreach (var (part, special) in Parts(cleaned, specialTokens))
            {
                Append(part, special, fitted);
            }
        }

        return fitted.ToResult();
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> ids)
    {
        var body = new List<int>();
        foreach (var id in ids)
        {
            if (id != PadId && !plan.Specials.Values.Contains(id))
            {
                body.Add(id == plan.Unknown ? id : id - plan.Shift);
            }
        }

        return (plan.Tokenizer.Decode(body) ?? "").Trim();
    }

    private IEnumerable<(string Text, int? Special)> Parts(string text, SpecialTokens meaning)
    {
        if (meaning == SpecialTokens.Literal)
        {
            return [(text, null)];
        }

        var found = plan.Specials.Keys.FirstOrDefault(token => text.Contains(token, StringComparison.Ordinal));
        if (found is null)
        {
            return [(text, null)];
        }

        return meaning != SpecialTokens.Error
            ? Split(text)
            : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The text contains the special token {found}.");
    }

    private IEnumerable<(string Text, int? Special)> Split(string text)
    {
        while (text.Length > 0)
        {
            var (token, at) = plan.Specials.Keys
                .Select(token => (token, At: text.IndexOf(token, StringComparison.Ordinal)))
                .Where(static found => found.At >= 0)
                .OrderBy(static found => found.At)
                .ThenByDescending(static found => found.token.Length)
                .FirstOrDefault(("", text.Length));
            if (at > 0)
            {
                yield return (text[..at], null);
            }

            if (token.Length > 0)
            {
                yield return (token, plan.Specials[token]);
            }

            text = text[Math.Min(text.Length, at + token.Length)..];
        }
    }

    private void Append(string part, int? special, FittedTokens fitted)
    {
        if (special is { } id)
        {
            fitted.Add(id, part, beginsWord: true);
            return;
        }

        part = plan.Prepare(part);
        var tokens = plan.Tokenizer is SentencePieceTokenizer sentence
            ? sentence.EncodeToTokens(part, out var normalised, addBeginningOfSentence: false, addEndOfSentence: false)
            : plan.Tokenizer.EncodeToTokens(part, out normalised);
        normalised ??= part;
        foreach (var token in tokens)
        {
            var start = Math.Clamp(token.Offset.Start.Value, 0, normalised.Length);
            var end = Math.Clamp(token.Offset.End.Value, start, normalised.Length);
            fitted.Add(Shifted(token.Id), normalised.AsSpan()[start..end], start == 0 || StartsWord(normalised, start));
        }
    }

    private int Shifted(int id) => plan.Unknown >= 0 && id == 0 ? plan.Unknown : id + plan.Shift;

    private static bool StartsWord(string text, int start) => IsGap(text[start - 1]) || (start < text.Length && IsGap(text[start]));

    private static bool IsGap(char unit) => char.IsWhiteSpace(unit) || unit == '\u2581';
}
