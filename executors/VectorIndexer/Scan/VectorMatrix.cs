using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FlowKit.Executors.Mapped;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Scan;

/// <summary>
/// All vectors in memory by their rows, in blocks: growing copies nothing. For the cosine each is scaled to length 1. Not safe for
/// writers beside readers.
/// </summary>
/// <param name="dimension">The number of values of a vector.</param>
/// <param name="metric">The measure of nearness.</param>
/// <param name="precision">The numbers that a search looks at.</param>
internal sealed class VectorMatrix(int dimension, VectorMetric metric, VectorPrecision precision)
{
    /// <summary>The number of rows of a block.</summary>
    public const int BlockRows = 1024;

    private readonly int _length = DotKernel.PaddedLength(dimension);
    private readonly List<AlignedValues<float>> _blocks = [];
    private readonly List<float[]> _halfNorms = [];
    private readonly HalfRows? _halves = precision == VectorPrecision.Float16 ? new HalfRows(DotKernel.PaddedLength(dimension)) : null;
    private readonly ByteRows? _bytes = precision == VectorPrecision.Int8 ? new ByteRows(DotKernel.PaddedLength(dimension)) : null;

    /// <summary>The number of values of a vector.</summary>
    public int Dimension => dimension;

    /// <summary>The measure of nearness.</summary>
    public VectorMetric Metric => metric;

    /// <summary>The number of values of a row: those of a vector, filled up with zeros.</summary>
    public int Length => _length;

    /// <summary>The rows in floats of 16 bits, which then are all that there is; <see langword="null"/> for 32 bits.</summary>
    public HalfRows? Halves => _halves;

    /// <summary>The number of bytes of a block.</summary>
    public int BlockBytes => BlockRows * _length * (_halves is null ? sizeof(float) : sizeof(ushort));

    /// <summary>The rows in 8 bits; <see langword="null"/> where the search looks at floats.</summary>
    public ByteRows? Bytes => _bytes;

    /// <summary>Puts a vector into a row.</summary>
    public void Set(int row, ReadOnlySpan<float> vector)
    {
        while (_halfNorms.Count <= row / BlockRows)
        {
            _halfNorms.Add(metric == VectorMetric.L2 ? new float[BlockRows] : []);
            if (_halves is null)
            {
                _blocks.Add(new AlignedValues<float>(BlockRows * _length));
            }
        }

        var target = _halves is null ? Row(row) : new float[_length];
        Write(vector, target);
        if (_halves is not null)
        {
            _halves.Set(row, target);
            _halves.Read(row, target);
        }

        if (metric == VectorMetric.L2)
        {
            _halfNorms[row / BlockRows][row % BlockRows] = DotKernel.Score(target, target) / 2;
        }

        _bytes?.Set(row, target);
    }

    /// <summary>Adds a whole block of rows as a file has them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="place">The place of the block, of <see cref="BlockRows"/> rows.</param>
    /// <param name="halfNorms">Half the square of each row's length; none where distances are not measured.</param>
    /// <param name="scales">The scales of rows in 16 bits.</param>
    public void Add(MappedFile file, long place, ReadOnlySpan<float> halfNorms, ReadOnlySpan<float> scales)
    {
        _halfNorms.Add(metric == VectorMetric.L2 ? new float[BlockRows] : []);
        halfNorms.CopyTo(_halfNorms[^1]);
        if (_halves is not null)
        {
            _halves.Add(new AlignedValues<Half>(file, place, BlockRows * _length), scales);
            return;
        }

        var first = _blocks.Count * BlockRows;
        _blocks.Add(new AlignedValues<float>(file, place, BlockRows * _length));
        for (var row = first; _bytes is not null && row < first + BlockRows; row++)
        {
            _bytes.Set(row, Row(row));
        }
    }

    /// <summary>All rows of a block as they lie in memory.</summary>
    public ReadOnlySpan<byte> Block(int block) =>
        _halves is null ? MemoryMarshal.AsBytes(_blocks[block].Span) : MemoryMarshal.AsBytes(_halves.Block(block));

    /// <summary>Half the square of the length of each of the first rows.</summary>
    public float[] HalfNorms(int rows) => [.. _halfNorms.SelectMany(block => block).Take(rows)];

    /// <summary>Room for <see cref="Read"/>; none is needed where rows are floats.</summary>
    public float[] MakeBuffer() => _halves is null ? [] : new float[_length];

    /// <summary>The values of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="buffer">The room for them, as <see cref="MakeBuffer"/> makes it.</param>
    public ReadOnlySpan<float> Read(int row, Span<float> buffer)
    {
        if (_halves is null)
        {
            return Row(row);
        }

        _halves.Read(row, buffer);
        return buffer;
    }

    /// <summary>Writes a vector as rows have it.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="target">As long as a row.</param>
    public void Write(ReadOnlySpan<float> vector, Span<float> target)
    {
        target[dimension..].Clear();
        if (metric == VectorMetric.Cosine)
        {
            UnitVector.Write(vector, target[..dimension]);
        }
        else
        {
            vector.CopyTo(target);
        }
    }

    /// <summary>Scores the first rows of a block with queries: more is nearer, for every measure.</summary>
    /// <param name="block">The block.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="queries">The queries as rows, one after another.</param>
    /// <param name="scores">The scores of the first query, then of the second.</param>
    public void Score(int block, int rows, ReadOnlySpan<float> queries, Span<float> scores)
    {
        if (_halves is not null)
        {
            _halves.Score(block, rows, queries, scores);
        }
        else
        {
            DotKernel.Score(_blocks[block].Span[..(rows * _length)], queries, _length, scores);
        }

        if (metric == VectorMetric.L2)
        {
            for (var at = 0; at < scores.Length; at += rows)
            {
                TensorPrimitives.Subtract(scores.Slice(at, rows), _halfNorms[block].AsSpan(0, rows), scores.Slice(at, rows));
            }
        }
    }

    /// <summary>Scores one row with a query, to the same bits as the whole block.</summary>
    public float Score(int row, ReadOnlySpan<float> query)
    {
        var dot = _halves is null ? DotKernel.Score(Row(row), query) : _halves.Score(row, query);
        return metric == VectorMetric.L2 ? dot - _halfNorms[row / BlockRows][row % BlockRows] : dot;
    }

    /// <summary>Scores rows that lie anywhere with a query, four at a time, each to the same bits as alone.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="query">The query as a row.</param>
    /// <param name="scores">A score for each row.</param>
    public void Score(ReadOnlySpan<int> rows, ReadOnlySpan<float> query, Span<float> scores)
    {
        var at = 0;
        for (; at + 4 <= rows.Length; at += 4)
        {
            Score4(rows.Slice(at, 4), query, scores.Slice(at, 4));
        }

        for (; at < rows.Length; at++)
        {
            scores[at] = Score(rows[at], query);
        }
    }

    /// <summary>The score as users see it: the cosine, the dot product or the distance.</summary>
    public float ToShown(RowHit hit, ReadOnlySpan<float> query) => metric switch
    {
        VectorMetric.Cosine => Math.Clamp(hit.Score, -1f, 1f),
        VectorMetric.Dot => hit.Score,
        _ => TensorPrimitives.Distance(Read(hit.Row, MakeBuffer()), query),
    };

    /// <summary>The least score of a search whose users see a threshold.</summary>
    /// <param name="shown">The threshold; <see langword="null"/> for none.</param>
    /// <param name="query">The query as a row.</param>
    public float ToScore(float? shown, ReadOnlySpan<float> query) => (shown, metric) switch
    {
        (null, _) => float.NegativeInfinity,
        ({ } distance, VectorMetric.L2) when distance < 0 => float.PositiveInfinity,
        ({ } distance, VectorMetric.L2) => (DotKernel.Score(query, query) - (distance * distance)) / 2,
        ({ } score, _) => score,
    };

    private void Score4(ReadOnlySpan<int> rows, ReadOnlySpan<float> query, Span<float> scores)
    {
        if (_halves is not null)
        {
            _halves.Score4(rows, query, scores);
        }
        else
        {
            DotKernel.Score(ref Row(rows[0])[0], ref Row(rows[1])[0], ref Row(rows[2])[0], ref Row(rows[3])[0], query, scores);
        }

        for (var i = 0; metric == VectorMetric.L2 && i < 4; i++)
        {
            scores[i] -= _halfNorms[rows[i] / BlockRows][rows[i] % BlockRows];
        }
    }

    private Span<float> Row(int row) => _blocks[row / BlockRows].Span.Slice(row % BlockRows * _length, _length);
}
