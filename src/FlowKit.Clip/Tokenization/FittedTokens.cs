namespace FlowKit.Clip.Tokenization;

/// <summary>Takes the tokens of a text one by one: those that fit become ids, the rest is counted.</summary>
/// <param name="plan">What a model puts around the ids.</param>
/// <param name="contextLength">Ids per text.</param>
/// <param name="padId">The id that fills a text up.</param>
internal sealed class FittedTokens(TokenizerPlan plan, int contextLength, int padId)
{
    private readonly int[] _ids = new int[contextLength];
    private readonly int _room = contextLength - plan.Before.Length - plan.After.Length;
    private int _kept;
    private int? _last;
    private bool _continuesWord;
    private LostWords? _lost;

    /// <summary>Begins a section of the text.</summary>
    internal void BeginSection(bool continuesWord) => _continuesWord = continuesWord;

    /// <summary>Adds a token. Neighbours that SentencePiece does not know are one unknown token to it.</summary>
    internal void Add(int id, ReadOnlySpan<char> text, bool beginsWord)
    {
        if (id == plan.FusedUnknown && _last == id)
        {
            _lost?.Append(text);
        }
        else if (_kept < _room)
        {
            _ids[plan.Before.Length + _kept++] = id;
        }
        else
        {
            (_lost ??= new LostWords()).AddToken(text, beginsWord && !_continuesWord);
        }

        _last = id;
        _continuesWord = false;
    }

    /// <summary>Puts the model's ids around those that fit.</summary>
    internal TokenizedText ToResult()
    {
        var length = plan.Before.Length + _kept + plan.After.Length;
        plan.Before.CopyTo(_ids, 0);
        plan.After.CopyTo(_ids, length - plan.After.Length);
        _ids.AsSpan(length).Fill(padId);
        return _lost?.ToResult(_ids, length, areTokens: true) ?? new TokenizedText(_ids, length, 0, 0);
    }
}
