using System.Buffers;
using System.Text;

namespace FlowKit.Clip;

/// <summary>
/// Byte-pair merging of one word: always the best-ranked adjacent pair, all its occurrences from left to right.
/// A heap over a linked list keeps it at n log n, so that a word of a million characters is no attack.
/// </summary>
internal sealed class BpeMerger
{
    private readonly BpeVocabulary _vocabulary;
    private readonly int[] _ids;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _ranks;
    private readonly PriorityQueue<int, long> _queue = new();
    private readonly List<int> _round = [];

    private BpeMerger(BpeVocabulary vocabulary, ReadOnlySpan<byte> word)
    {
        _vocabulary = vocabulary;
        _ids = new int[word.Length];
        _next = new int[word.Length];
        _previous = new int[word.Length];
        _ranks = new int[word.Length];
        for (var i = 0; i < word.Length; i++)
        {
            _ids[i] = vocabulary.ByteId(word[i], i == word.Length - 1);
            _next[i] = i + 1;
            _previous[i] = i - 1;
        }

        for (var i = 0; i < word.Length; i++)
        {
            Rank(i);
        }
    }

    /// <summary>The ids of one word.</summary>
    internal static int[] Merge(BpeVocabulary vocabulary, ReadOnlySpan<char> word)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(word, buffer);
            return new BpeMerger(vocabulary, buffer.AsSpan(0, length)).Run();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int[] Run()
    {
        while (_queue.TryPeek(out _, out var best))
        {
            var rank = (int)(best >> 32);
            _round.Clear();
            while (_queue.TryPeek(out var position, out var key) && (int)(key >> 32) == rank)
            {
                _queue.Dequeue();
                _round.Add(position);
            }

            foreach (var position in _round)
            {
                if (_ranks[position] == rank)
                {
                    Join(position);
                }
            }
        }

        return Collect();
    }

    private void Join(int position)
    {
        var right = _next[position];
        _vocabulary.TryMerge(_ids[position], _ids[right], out _, out _ids[position]);
        _next[position] = _next[right];
        _ranks[right] = int.MaxValue;
        if (_next[right] < _ids.Length)
        {
            _previous[_next[right]] = position;
        }

        Rank(position);
        if (_previous[position] >= 0)
        {
            Rank(_previous[position]);
        }
    }

    private void Rank(int position)
    {
        _ranks[position] = int.MaxValue;
        var right = _next[position];
        if (right < _ids.Length && _vocabulary.TryMerge(_ids[position], _ids[right], out var rank, out _))
        {
            _ranks[position] = rank;
            _queue.Enqueue(position, ((long)rank << 32) | (uint)position);
        }
    }

    private int[] Collect()
    {
        var result = new List<int>();
        for (var i = 0; i < _ids.Length; i = _next[i])
        {
            result.Add(_ids[i]);
        }

        return [.. result];
    }
}
