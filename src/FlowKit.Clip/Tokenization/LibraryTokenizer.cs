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
        text = TextCleaner.Clean(text, cleaning);
        text = lowerCase ? text.ToLowerInvariant() : text;
        var pieces = new List<(int Id, string Text, bool Begins)>();
        foreach (var (part, special) in Parts(text, specialTokens))
        {
            Append(part, special, pieces);
        }

        return Fit(pieces);
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

    private void Append(string part, int? special, List<(int Id, string Text, bool Begins)> pieces)
    {
        if (special is { } id)
        {
            pieces.Add((id, part, true));
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
            Add(pieces, (Shifted(token.Id), normalised[start..end], start == 0 || StartsWord(normalised, start)));
        }
    }

    /// <summary>Neighbours that SentencePiece does not know are one unknown piece to it.</summary>
    private void Add(List<(int Id, string Text, bool Begins)> pieces, (int Id, string Text, bool Begins) piece)
    {
        if (piece.Id == plan.FusedUnknown && pieces.Count > 0 && pieces[^1].Id == piece.Id)
        {
            pieces[^1] = pieces[^1] with { Text = pieces[^1].Text + piece.Text };
            return;
        }

        pieces.Add(piece);
    }

    private int Shifted(int id) => plan.Unknown >= 0 && id == 0 ? plan.Unknown : id + plan.Shift;

    private static bool StartsWord(string text, int start) => IsGap(text[start - 1]) || (start < text.Length && IsGap(text[start]));

    private static bool IsGap(char unit) => char.IsWhiteSpace(unit) || unit == '\u2581';

    private TokenizedText Fit(List<(int Id, string Text, bool Begins)> pieces)
    {
        var ids = new int[ContextLength];
        var room = ContextLength - plan.Before.Length - plan.After.Length;
        var kept = Math.Min(room, pieces.Count);
        plan.Before.CopyTo(ids, 0);
        for (var i = 0; i < kept; i++)
        {
            ids[plan.Before.Length + i] = pieces[i].Id;
        }

        var length = plan.Before.Length + kept + plan.After.Length;
        plan.After.CopyTo(ids, length - plan.After.Length);
        ids.AsSpan(length).Fill(PadId);
        var lost = pieces.Skip(kept).ToList();
        return new TokenizedText(
            ids,
            length,
            lost.Count,
            lost.Count == 0 ? 0 : Math.Max(1, lost.Count(static piece => piece.Begins) + (lost[0].Begins ? 0 : 1)))
        {
            LostText = string.Concat(lost.Select(static piece => piece.Text)).Replace('\u2581', ' ').Trim(),
        };
    }
}
