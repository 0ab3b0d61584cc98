using System.Buffers;
using System.Numerics.Tensors;

namespace FlowKit.Executors.Scan;

/// <summary>
/// The rows of a matrix in floats of 16 bits: half the memory. Each has a scale of its own, a power of two, so that no vector is too large
/// or too small for them.
/// </summary>
/// <param name="length">The number of values of a row.</param>
internal sealed class HalfRows(int length)
{
    // From so many queries on, making floats of a row once costs less than doing it for each.
    private const int ManyQueries = 4;
    private const int ChunkRows = 32;
    private const float LeastNormal = 1 / 16384f;

    private readonly List<AlignedValues<Half>> _blocks = [];
    private readonly List<float[]> _scales = [];

    /// <summary>The values of all rows of a block.</summary>
    public ReadOnlySpan<Half> Block(int block) => _blocks[block].Span;

    /// <summary>The scales of the first rows.</summary>
    public float[] Scales(int rows) => [.. _scales.SelectMany(block => block).Take(rows)];

    /// <summary>Puts a row of floats into a row.</summary>
    public void Set(int row, ReadOnlySpan<float> values)
    {
        while (_blocks.Count <= row / VectorMatrix.BlockRows)
        {
            _blocks.Add(new AlignedValues<Half>(VectorMatrix.BlockRows * length));
            _scales.Add(new float[VectorMatrix.BlockRows]);
        }

        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(values));
        var scale = largest > 0 ? MathF.ScaleB(1, MathF.ILogB(largest)) : 1;
        _scales[row / VectorMatrix.BlockRows][row % VectorMatrix.BlockRows] = scale;
        var kept = ArrayPool<float>.Shared.Rent(length);
        try
        {
            var own = kept.AsSpan(0, length);
            TensorPrimitives.Divide(values, scale, own);
            TensorPrimitives.Multiply(own, HalfKernel.Kept, own);
            for (var i = 0; i < own.Length; i++)
            {
                own[i] = Math.Abs(own[i]) < LeastNormal ? 0 : own[i];
            }

            TensorPrimitives.ConvertToHalf(own, Row(row));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(kept);
        }
    }

    /// <summary>Adds a whole block of rows as they are kept.</summary>
    /// <param name="block">The block.</param>
    /// <param name="scales">The scales of the rows that it has.</param>
    public void Add(AlignedValues<Half> block, ReadOnlySpan<float> scales)
    {
        _blocks.Add(block);
        _scales.Add(new float[VectorMatrix.BlockRows]);
        scales.CopyTo(_scales[^1]);
    }

    /// <summary>Makes floats of a row.</summary>
    public void Read(int row, Span<float> target)
    {
        HalfKernel.Read(Row(row), target[..length]);
        TensorPrimitives.Multiply(target[..length], Scale(row), target[..length]);
    }

    /// <summary>Scores one row with a query, to the same bits as the whole block.</summary>
    public float Score(int row, ReadOnlySpan<float> query) => HalfKernel.Score(Row(row), query) * Scale(row);

    /// <summary>Scores four rows that lie anywhere with a query, each to the same bits as alone.</summary>
    public void Score4(ReadOnlySpan<int> rows, ReadOnlySpan<float> query, Span<float> scores)
    {
        HalfKernel.Score(Row(rows[0]), Row(rows[1]), Row(rows[2]), Row(rows[3]), query, scores);
        for (var i = 0; i < 4; i++)
        {
            scores[i] *= Scale(rows[i]);
        }
    }

    /// <summary>Scores the first rows of a block with queries.</summary>
    /// <param name="block">The block.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="queries">The queries, one after another.</param>
    /// <param name="scores">The scores of the first query, then of the second.</param>
    public void Score(int block, int rows, ReadOnlySpan<float> queries, Span<float> scores)
    {
        ReadOnlySpan<Half> values = _blocks[block].Span[..(rows * length)];
        if (queries.Length >= ManyQueries * length)
        {
            ScoreMany(values, rows, queries, scores);
        }
        else
        {
            for (var query = 0; query * length < queries.Length; query++)
            {
                HalfKernel.Score(values, queries.Slice(query * length, length), scores.Slice(query * rows, rows));
            }
        }

        for (var at = 0; at < scores.Length; at += rows)
        {
            TensorPrimitives.Multiply(scores.Slice(at, rows), _scales[block].AsSpan(0, rows), scores.Slice(at, rows));
        }
    }

    private void ScoreMany(ReadOnlySpan<Half> values, int rows, ReadOnlySpan<float> queries, Span<float> scores)
    {
        var floats = new AlignedValues<float>(ChunkRows * length).Span;
        for (var row = 0; row < rows; row += ChunkRows)
        {
            var count = Math.Min(ChunkRows, rows - row) * length;
            HalfKernel.Read(values.Slice(row * length, count), floats[..count]);
            DotKernel.Score(floats[..count], queries, length, scores[row..], rows);
        }
    }

    private Span<Half> Row(int row) =>
        _blocks[row / VectorMatrix.BlockRows].Span.Slice(row % VectorMatrix.BlockRows * length, length);

    private float Scale(int row) => _scales[row / VectorMatrix.BlockRows][row % VectorMatrix.BlockRows];
}
