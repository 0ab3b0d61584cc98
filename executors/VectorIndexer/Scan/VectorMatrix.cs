using System.Buffers;
using System.Numerics.Tensors;

namespace FlowKit.Executors;

/// <summary>
/// All vectors in memory, each scaled to length 1, so that a dot product is the cosine. Rows are kept dense in blocks: growing
/// copies nothing, and a removed row is replaced by the last one. Not safe for writers beside readers; <see cref="VectorStore"/>
/// holds the lock.
/// </summary>
internal sealed class VectorMatrix(int dimension)
{
    private const int BlockRows = 1024;

    /// <summary>Below this, one core is done before a second one has started.</summary>
    private const int ParallelRows = 20_000;

    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];
    private readonly List<float[]> _blocks = [];

    public int Count => _ids.Count;

    public int Dimension => dimension;

    public bool Contains(string id) => _rows.ContainsKey(id);

    public void Set(string id, ReadOnlySpan<float> vector)
    {
        if (!_rows.TryGetValue(id, out var row))
        {
            row = _ids.Count;
            if (row == _blocks.Count * BlockRows)
            {
                _blocks.Add(GC.AllocateUninitializedArray<float>(BlockRows * dimension));
            }

            _ids.Add(id);
            _rows.Add(id, row);
        }

        UnitVector.Write(vector, Row(row));
    }

    public bool Remove(string id)
    {
        if (!_rows.Remove(id, out var row))
        {
            return false;
        }

        var last = _ids.Count - 1;
        if (row != last)
        {
            Row(last).CopyTo(Row(row));
            _ids[row] = _ids[last];
            _rows[_ids[row]] = row;
        }

        _ids.RemoveAt(last);
        if (_blocks.Count > (last / BlockRows) + 1)
        {
            _blocks.RemoveAt(_blocks.Count - 1);
        }

        return true;
    }

    /// <summary>The nearest rows by cosine, best first; equal scores in the order of their ids.</summary>
    public List<(string Id, float Cosine)> Search(ReadOnlySpan<float> query, int limit)
    {
        var unit = new float[dimension];
        UnitVector.Write(query, unit);
        var scores = ArrayPool<float>.Shared.Rent(Math.Max(1, Count));
        try
        {
            Score(unit, scores);
            return Top(scores.AsSpan(0, Count), limit);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private void Score(float[] unit, float[] scores)
    {
        var used = (Count + BlockRows - 1) / BlockRows;
        if (Count < ParallelRows)
        {
            for (var block = 0; block < used; block++)
            {
                ScoreBlock(block, unit, scores);
            }
        }
        else
        {
            Parallel.For(0, used, block => ScoreBlock(block, unit, scores));
        }
    }

    private void ScoreBlock(int block, float[] unit, float[] scores)
    {
        ReadOnlySpan<float> values = _blocks[block];
        var first = block * BlockRows;
        var rows = Math.Min(BlockRows, Count - first);
        for (var row = 0; row < rows; row++)
        {
            scores[first + row] = TensorPrimitives.Dot(values.Slice(row * dimension, dimension), unit);
        }
    }

    private List<(string Id, float Cosine)> Top(ReadOnlySpan<float> scores, int limit)
    {
        var best = new PriorityQueue<int, (float Score, int Row)>(
            Math.Min(limit, scores.Length), Comparer<(float Score, int Row)>.Create(Worse));
        var worst = float.NegativeInfinity;
        for (var row = 0; row < scores.Length; row++)
        {
            if (best.Count < limit)
            {
                best.Enqueue(row, (scores[row], row));
            }
            else if (scores[row] >= worst)
            {
                best.EnqueueDequeue(row, (scores[row], row));
            }
            else
            {
                continue;
            }

            worst = scores[best.Peek()];
        }

        var result = new List<(string, float)>(best.Count);
        while (best.TryDequeue(out var row, out _))
        {
            result.Add((_ids[row], Math.Clamp(scores[row], -1f, 1f)));
        }

        result.Reverse();
        return result;
    }

    /// <summary>Orders the queue so that what leaves first is the lowest score, and among equal scores the later id.</summary>
    private int Worse((float Score, int Row) left, (float Score, int Row) right)
    {
        var byScore = left.Score.CompareTo(right.Score);
        return byScore != 0 ? byScore : string.CompareOrdinal(_ids[right.Row], _ids[left.Row]);
    }

    private Span<float> Row(int row) => _blocks[row / BlockRows].AsSpan(row % BlockRows * dimension, dimension);
}
