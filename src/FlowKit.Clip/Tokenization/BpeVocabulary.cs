namespace FlowKit.Clip;

/// <summary>Tokens with their ids, and the merges in the order they were learnt.</summary>
internal sealed class BpeVocabulary
{
    private readonly Dictionary<long, (int Rank, int Merged)> _merges = [];
    private readonly int[] _byteIds = new int[256];
    private readonly int[] _finalByteIds = new int[256];

    /// <summary>Builds the tables.</summary>
    /// <param name="ids">Every token's id.</param>
    /// <param name="merges">The pairs, best first.</param>
    /// <param name="source">What to call the vocabulary in errors.</param>
    /// <exception cref="FlowKitException">A byte, a special token or a merge that the ids lack.</exception>
    internal BpeVocabulary(IReadOnlyDictionary<string, int> ids, IReadOnlyList<(string Left, string Right)> merges, string source)
    {
        Count = ids.Values.Max() + 1;
        Tokens = new string[Count];
        foreach (var (token, id) in ids)
        {
            Tokens[id] = token;
        }

        for (var value = 0; value < 256; value++)
        {
            _byteIds[value] = Id(ByteSymbols.Of[value].ToString());
            _finalByteIds[value] = Id(ByteSymbols.Of[value] + ByteSymbols.EndOfWord);
        }

        (BeginId, EndId) = (Id(WordSplitter.Begin), Id(WordSplitter.End));
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            _merges.TryAdd(Key(Id(left), Id(right)), (rank, Id(left + right)));
        }

        int Id(string token) => ids.TryGetValue(token, out var id)
            ? id
            : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{source}: the vocabulary has no token '{token}', which a CLIP tokenizer needs.");
    }

    /// <summary>How many ids there are.</summary>
    internal int Count { get; }

    /// <summary>The tokens by id; <see langword="null"/> where an id is not used.</summary>
    internal string?[] Tokens { get; }

    /// <summary>The id that begins a text.</summary>
    internal int BeginId { get; }

    /// <summary>The id that ends a text.</summary>
    internal int EndId { get; }

    /// <summary>The id of one byte.</summary>
    internal int ByteId(byte value, bool endsWord) => endsWord ? _finalByteIds[value] : _byteIds[value];

    /// <summary>Looks up whether two tokens merge.</summary>
    internal bool TryMerge(int left, int right, out int rank, out int merged)
    {
        var found = _merges.TryGetValue(Key(left, right), out var merge);
        (rank, merged) = merge;
        return found;
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
