using System.Numerics;

namespace FlowKit;

/// <summary>
/// A set of rows as one bit each, so that sets are joined, cut and counted 64 rows at a time. Not safe for concurrent use.
/// </summary>
public sealed class RowSet
{
    private const int WordBits = 64;

    private readonly ulong[] _words;

    /// <summary>Makes an empty set.</summary>
    /// <param name="rows">The number of rows that could be in it.</param>
    public RowSet(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Rows = rows;
        _words = new ulong[(rows + WordBits - 1) / WordBits];
    }

    /// <summary>The number of rows that could be in the set.</summary>
    public int Rows { get; }

    /// <summary>The number of rows in the set.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>Tells whether a row is in the set.</summary>
    /// <param name="row">The row, from 0; one beyond <see cref="Rows"/> is not in it.</param>
    public bool Contains(int row) => (uint)row < (uint)Rows && (_words[row / WordBits] >> (row % WordBits) & 1) != 0;

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row, from 0 and below <see cref="Rows"/>.</param>
    public void Add(int row) => _words[row / WordBits] |= 1UL << (row % WordBits);

    /// <summary>Removes a row.</summary>
    /// <param name="row">The row, from 0 and below <see cref="Rows"/>.</param>
    public void Remove(int row) => _words[row / WordBits] &= ~(1UL << (row % WordBits));

    /// <summary>Keeps only what another set has too.</summary>
    /// <param name="other">The other; it may be of fewer or more rows.</param>
    public void IntersectWith(RowSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] &= i < other._words.Length ? other._words[i] : 0;
        }
    }

    /// <summary>Takes what another set has too.</summary>
    /// <param name="other">The other, of as many rows.</param>
    public void UnionWith(RowSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Rows, Rows);
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] |= other._words[i];
        }
    }

    /// <summary>Takes every row that is not in the set instead of those that are.</summary>
    public void Invert()
    {
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] = ~_words[i];
        }

        if (Rows % WordBits is var rest and not 0)
        {
            _words[^1] &= (1UL << rest) - 1;
        }
    }

    /// <summary>Counts the rows of a range that are in the set.</summary>
    /// <param name="first">The first row of the range, a multiple of 64.</param>
    /// <param name="count">The number of rows of the range, a multiple of 64 unless it reaches the last row.</param>
    public int CountIn(int first, int count)
    {
        var result = 0;
        var (start, length) = (Math.Min(first / WordBits, _words.Length), (count + WordBits - 1) / WordBits);
        foreach (var word in _words.AsSpan(start, Math.Min(length, _words.Length - start)))
        {
            result += BitOperations.PopCount(word);
        }

        return result;
    }

    /// <summary>Returns the first row in the set from a place on; -1 when there is none.</summary>
    /// <param name="from">The place.</param>
    public int Next(int from)
    {
        if (from >= Rows)
        {
            return -1;
        }

        var word = _words[from / WordBits] & (ulong.MaxValue << (from % WordBits));
        for (var i = from / WordBits; ; word = _words[i])
        {
            if (word != 0)
            {
                return (i * WordBits) + BitOperations.TrailingZeroCount(word);
            }

            if (++i == _words.Length)
            {
                return -1;
            }
        }
    }

    /// <summary>The rows in the set, in ascending order.</summary>
    /// <param name="from">The row that they begin at; the first by default.</param>
    public IEnumerable<int> Enumerate(int from = 0)
    {
        for (var row = Next(from); row >= 0; row = Next(row + 1))
        {
            yield return row;
        }
    }
}
