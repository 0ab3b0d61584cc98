using System.Numerics.Tensors;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Scan;

/// <summary>
/// All vectors in memory by their rows, in blocks: growing copies nothing. For the cosine each is scaled to length 1. Not safe for
/// writers beside readers.
/// </summary>
/// <param name="dimension">The number of values of a vector.</param>
/// <param name="metric">The measure of nearness.</param>
/// <param name="precision">The numbers that a search looks at first.</param>
internal sealed class VectorMatrix(int dimension, VectorMetric metric, VectorPrecision precision)
{
    /// <summary>The number of rows of a block.</summary>
    public const int BlockRows = 1024;

    private readonly int _length = DotKernel.PaddedLength(dimension);
    private readonly List<AlignedFloats> _blocks = [];
    private readonly List<float[]> _halfNorms = [];
    private readonly ByteRows? _bytes = precision == VectorPrecision.Int8 ? new ByteRows(DotKernel.PaddedLength(dimension)) : null;

    /// <summary>The number of values of a vector.</summary>
    public int Dimension => dimension;

    /// <summary>The measure of nearness.</summary>
    public VectorMetric Metric => metric;

    /// <summary>The number of values of a row: those of a vector, filled up with zeros.</summary>
    public int Length => _length;

    /// <summary>The rows in 8 bits; <see langword="null"/> where the search looks at floats.</summary>
    public ByteRows? Bytes => _bytes;

    /// <summary>Puts a vector into a row.</summary>
    public void Set(int row, ReadOnlySpan<float> vector)
    {
        while (_blocks.Count <= row / BlockRows)
        {
            _blocks.Add(new AlignedFloats(BlockRows * _length));
            _halfNorms.Add(metric == VectorMetric.L2 ? new float[BlockRows] : []);
        }

        var target = Row(row);
        Write(vector, target);
        if (metric == VectorMetric.L2)
        {
            _halfNorms[row / BlockRows][row % BlockRows] = DotKernel.Score(target, target) / 2;
        }

        _bytes?.Set(row, target);
    }

    /// <summary>Adds a whole block of rows as they are kept.</summary>
    /// <param name="block">The block, of <see cref="BlockRows"/> rows.</param>
    /// <param name="halfNorms">Half the square of each row's length; none where distances are not measured.</param>
    public void Add(AlignedFloats block, ReadOnlySpan<float> halfNorms)
    {
        var first = _blocks.Count * BlockRows;
        _blocks.Add(block);
        _halfNorms.Add(metric == VectorMetric.L2 ? new float[BlockRows] : []);
        halfNorms.CopyTo(_halfNorms[^1]);
        for (var row = first; _bytes is not null && row < first + BlockRows; row++)
        {
            _bytes.Set(row, Row(row));
        }
    }

    /// <summary>The values of all rows of a block.</summary>
    public ReadOnlySpan<float> Block(int block) => _blocks[block].Span;

    /// <summary>Half the square of the length of each of the first rows.</summary>
    public float[] HalfNorms(int rows) => [.. _halfNorms.SelectMany(block => block).Take(rows)];

    /// <summary>The values of a row.</summary>
    public Span<float> Row(int row) => _blocks[row / BlockRows].Span.Slice(row % BlockRows * _length, _length);

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
        DotKernel.Score(_blocks[block].Span[..(rows * _length)], queries, _length, scores);
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
        var dot = DotKernel.Score(Row(row), query);
        return metric == VectorMetric.L2 ? dot - _halfNorms[row / BlockRows][row % BlockRows] : dot;
    }

    /// <summary>The score as users see it: the cosine, the dot product or the distance.</summary>
    public float ToShown(RowHit hit, ReadOnlySpan<float> query) => metric switch
    {
        VectorMetric.Cosine => Math.Clamp(hit.Score, -1f, 1f),
        VectorMetric.Dot => hit.Score,
        _ => TensorPrimitives.Distance(Row(hit.Row), query),
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
}
