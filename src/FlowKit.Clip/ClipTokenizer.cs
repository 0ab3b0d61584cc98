using System.Collections.Concurrent;
using System.Text;
using FlowKit.Clip.Tokenization;

namespace FlowKit.Clip;

/// <summary>CLIP's byte-pair tokenizer, with the ids of OpenAI's <c>simple_tokenizer</c>. Safe for many threads.</summary>
public sealed class ClipTokenizer : TextTokenizer
{
    private const int CacheLimit = 32_768;
    private const int CachedWordLength = 64;

    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly BpeWordEncoder _encoder;
    private int _cached;

    private ClipTokenizer(BpeVocabulary vocabulary, int contextLength, TextCleaning cleaning, int padId)
        : base(contextLength, padId)
    {
        (Vocabulary, Cleaning) = (vocabulary, cleaning);
        _encoder = new BpeWordEncoder(vocabulary, contextLength);
        _bySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The cleaning of a text before it is split.</summary>
    public TextCleaning Cleaning { get; }

    /// <inheritdoc/>
    public override int VocabularySize => Vocabulary.Count;

    /// <summary>The id that begins every text.</summary>
    public int BeginId => Vocabulary.BeginId;

    /// <summary>The id that ends every text.</summary>
    public int EndId => Vocabulary.EndId;

    /// <summary>The tokens and merges.</summary>
    internal BpeVocabulary Vocabulary { get; }

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="path">tokenizer.json, merges.txt or bpe_simple_vocab_16e6.txt(.gz).</param>
    /// <param name="vocabularyPath">
    /// The vocab.json that goes with merges.txt; without it ids are numbered as in OpenAI's vocabulary.
    /// </param>
    /// <param name="contextLength">Ids per text.</param>
    /// <param name="cleaning">The cleaning of a text before it is split.</param>
    /// <param name="padId">The id that fills a text up: 0 for OpenAI's models.</param>
    /// <exception cref="FlowKitException">A file that is missing or malformed.</exception>
    public static ClipTokenizer Load(
        string path,
        string? vocabularyPath = null,
        int contextLength = 77,
        TextCleaning cleaning = TextCleaning.OpenAi,
        int padId = 0) =>
        new(BpeVocabularyReader.Read(path, vocabularyPath), contextLength, cleaning, padId);

    /// <inheritdoc/>
    public override TokenizedText Encode(string text, SpecialTokens specialTokens = SpecialTokens.Literal)
    {
        var ids = new int[ContextLength];
        ids[0] = BeginId;
        var length = 1;
        LostWords? lost = null;
        foreach (var section in new TextSections(text))
        {
            var continuesWord = section.ContinuesWord;
            for (var words = WordsOf(section, specialTokens != SpecialTokens.Literal); words.MoveNext(); continuesWord = false)
            {
                var tokens = Tokens(words.Current, specialTokens);
                var fitting = Math.Min(tokens.Length, ContextLength - 1 - length);
                tokens.AsSpan(0, fitting).CopyTo(ids.AsSpan(length));
                length += fitting;
                if (fitting < tokens.Length)
                {
                    (lost ??= new LostWords()).AddWord(words.Current, tokens.Length - fitting, continuesWord);
                }
            }
        }

        ids[length] = EndId;
        ids.AsSpan(length + 1).Fill(PadId);
        return lost?.ToResult(ids, length + 1) ?? new TokenizedText(ids, length + 1, 0, 0);
    }

    /// <summary>Every id of a text, without begin, end, padding or limit.</summary>
    /// <param name="text">Any text.</param>
    public IReadOnlyList<int> EncodeAll(string text)
    {
        var ids = new List<int>();
        foreach (var section in new TextSections(text))
        {
            for (var words = WordsOf(section, specials: false); words.MoveNext();)
            {
                ids.AddRange(Tokens(words.Current, SpecialTokens.Literal));
            }
        }

        return ids;
    }

    /// <summary>The text that ids stand for: up to the end mark, words separated by spaces.</summary>
    /// <param name="ids">Ids as <see cref="Encode"/> gives them.</param>
    public override string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if (id == EndId)
            {
                break;
            }

            if (id != BeginId && id >= 0 && id < Vocabulary.Count && Vocabulary.Tokens[id] is { } token)
            {
                bytes.AddRange(ByteSymbols.BytesOf(token));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]).TrimEnd(' ');
    }

    private WordSplitter WordsOf(TextSection section, bool specials) =>
        new(TextCleaner.Clean(section.Text, Cleaning, section.IsHtml), specials, ignoresCase: Cleaning != TextCleaning.HuggingFace);

    private int[] Tokens(ReadOnlySpan<char> word, SpecialTokens specialTokens)
    {
        if (specialTokens != SpecialTokens.Literal && word is WordSplitter.Begin or WordSplitter.End)
        {
            return specialTokens == SpecialTokens.Honour
                ? [word is WordSplitter.Begin ? BeginId : EndId]
                : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The text contains the special token {word}.");
        }

        if (word.Length > CachedWordLength)
        {
            return _encoder.Encode(word);
        }

        return _bySpan.TryGetValue(word, out var known) ? known : Remember(word);
    }

    private int[] Remember(ReadOnlySpan<char> word)
    {
        var tokens = _encoder.Encode(word);
        if (Interlocked.Increment(ref _cached) > CacheLimit)
        {
            // Rare words fill it, common ones come back at once: starting over is simpler than ordering them.
            _words.Clear();
            Interlocked.Exchange(ref _cached, 0);
        }

        _words.TryAdd(word.ToString(), tokens);
        return tokens;
    }
}
