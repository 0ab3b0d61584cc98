using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FlowKit.Executors;

/// <summary>
/// All vectors in memory, each scaled to length 1, so that a dot product is the cosine. Rows are kept dense: a removed row is
/// replaced by the last one. Not safe for writers beside readers; <see cref="VectorStore"/> holds the lock.
/// </summary>
internal sealed class VectorMatrix(int dimension)
{
    private const int FirstCapacity = 256;

    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];
    private float[] _values = new float[FirstCapacity * dimension];

    public int Count => _ids.Count;

    public int Dimension => dimension;

    public bool Contains(string id) => _rows.ContainsKey(id);

    public void Set(string id, ReadOnlySpan<float> vector)
    {
        if (!_rows.TryGetValue(id, out var row))
        {
            row = _ids.Count;
            if ((row + 1) * (long)dimension > _values.Length)
            {
                Array.Resize(ref _values, checked(_values.Length * 2));
            }

            _ids.Add(id);
            _rows.Add(id, row);
        }

        Normalize(vector, Row(row));
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
        return true;
    }

    /// <summary>The nearest rows by cosine, best first; equal scores in the order of their ids.</summary>
    public IReadOnlyList<(string Id, float Cosine)> Search(ReadOnlySpan<float> query, int limit)
    {
        var unit = new float[dimension];
        Normalize(query, unit);
        var scores = new float[Count];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = TensorPrimitives.Dot(Row(row), unit);
        }

        return Top(scores, limit);
    }

    private List<(string Id, float Cosine)> Top(float[] scores, int limit)
    {
        var best = new PriorityQueue<int, (float Score, int Row)>(Comparer<(float Score, int Row)>.Create(Worse));
        for (var row = 0; row < scores.Length; row++)
        {
            if (best.Count < limit)
            {
                best.Enqueue(row, (scores[row], row));
            }
            else
            {
                best.EnqueueDequeue(row, (scores[row], row));
            }
        }

        var result = new List<(string, float)>(best.Count);
        while (best.TryDequeue(out var row, out _))
        {
            result.Add((_ids[row], scores[row]));
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

    /// <summary>The zero vector has no direction: it stays zero and its cosine with everything is 0.</summary>
    private static void Normalize(ReadOnlySpan<float> vector, Span<float> target)
    {
        var norm = TensorPrimitives.Norm(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, target);
        }
        else
        {
            target.Clear();
        }
    }

    private Span<float> Row(int row) => MemoryMarshal.CreateSpan(ref _values[row * dimension], dimension);
}
