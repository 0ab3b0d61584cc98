using System.Numerics.Tensors;

namespace FlowKit.Executors.Scan;

/// <summary>The rows of a matrix in whole numbers of 8 bits, each with a scale of its own: a quarter of the memory to look at.</summary>
/// <param name="length">The number of values of a row of floats.</param>
internal sealed class ByteRows(int length)
{
    private const int MaxByte = 127;

    // 127 * MaxShort * 4,096 values is just below 2^31: a sum of more could overflow.
    private const int MaxShort = 4095;

    private readonly int _length = (length + ByteKernel.Step - 1) / ByteKernel.Step * ByteKernel.Step;
    private readonly List<sbyte[]> _blocks = [];
    private readonly List<float[]> _scales = [];

    /// <summary>The longest row that this is made for.</summary>
    public const int MaxLength = 4096;

    /// <summary>Puts a row of floats into a row.</summary>
    public void Set(int row, ReadOnlySpan<float> values)
    {
        while (_blocks.Count <= row / VectorMatrix.BlockRows)
        {
            _blocks.Add(new sbyte[VectorMatrix.BlockRows * _length]);
            _scales.Add(new float[VectorMatrix.BlockRows]);
        }

        var target = _blocks[row / VectorMatrix.BlockRows].AsSpan(row % VectorMatrix.BlockRows * _length, _length);
        var scale = Math.Abs(TensorPrimitives.MaxMagnitude(values)) / MaxByte;
        _scales[row / VectorMatrix.BlockRows][row % VectorMatrix.BlockRows] = scale;
        for (var i = 0; i < values.Length; i++)
        {
            target[i] = (sbyte)MathF.Round(values[i] / scale);
        }
    }

    /// <summary>Makes a query for <see cref="Score"/>.</summary>
    /// <returns>The query, and the scale of its values.</returns>
    public (short[] Values, float Scale) Prepare(ReadOnlySpan<float> query)
    {
        var values = new short[_length];
        var scale = Math.Abs(TensorPrimitives.MaxMagnitude(query)) / MaxShort;
        for (var i = 0; i < query.Length; i++)
        {
            values[i] = (short)MathF.Round(query[i] / scale);
        }

        return (values, scale);
    }

    /// <summary>Scores the first rows of a block: about the dot products.</summary>
    public void Score(int block, (short[] Values, float Scale) query, Span<float> scores)
    {
        ReadOnlySpan<sbyte> rows = _blocks[block];
        var scales = _scales[block];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = ByteKernel.Dot(rows.Slice(row * _length, _length), query.Values) * scales[row] * query.Scale;
        }
    }
}
