using System.Buffers.Binary;

namespace FlowKit;

/// <summary>Describes what a sparse <see cref="NdArray"/> holds: the elements that are not zero, and where they are (COO).</summary>
public sealed class SparseElements
{
    /// <summary>Wraps positions and elements.</summary>
    /// <param name="indices">int32 or int64 positions, [elements, dimensions] or transposed.</param>
    /// <param name="values">As many elements.</param>
    public SparseElements(NdArray indices, NdArray values)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(values);
        if (indices.Type is not (NdType.Int32 or NdType.Int64))
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"The indices of a sparse array are int32 or int64, not {NdTypes.NameOf(indices.Type)}.");
        }

        Indices = indices;
        Values = values;
    }

    /// <summary>The positions: [elements, dimensions], or [dimensions, elements] as PyTorch has them.</summary>
    public NdArray Indices { get; }

    /// <summary>The elements, in the order of their positions.</summary>
    public NdArray Values { get; }

    /// <summary>The whole array's bytes; of two elements in one place the later counts.</summary>
    /// <param name="shape">The whole array's dimensions.</param>
    /// <param name="bytes">How many bytes that is.</param>
    /// <exception cref="FlowKitException">Positions and elements do not fit each other or the shape.</exception>
    internal byte[] ToDense(ReadOnlySpan<int> shape, int bytes)
    {
        var count = Values.Length;
        var isTransposed = IsTransposed(count, shape.Length);
        var size = NdTypes.SizeOf(Values.Type);
        var dense = new byte[bytes];
        for (var i = 0; i < count; i++)
        {
            long at = 0;
            for (var axis = 0; axis < shape.Length; axis++)
            {
                var index = Index(isTransposed ? (axis * count) + i : (i * shape.Length) + axis);
                at = index >= 0 && index < shape[axis]
                    ? (at * shape[axis]) + index
                    : throw new FlowKitException(
                        FlowErrorCode.InvalidArgument,
                        $"Element {i} of a sparse array lies at {index} on axis {axis}, outside [{string.Join(", ", shape.ToArray())}].");
            }

            Values.Bytes.Span.Slice(i * size, size).CopyTo(dense.AsSpan((int)at * size));
        }

        return dense;
    }

    private bool IsTransposed(int count, int rank)
    {
        if (Indices.Shape is [var rows, var columns] && rows == count && columns == rank)
        {
            return false;
        }

        return Indices.Shape is [var axes, var elements] && axes == rank && elements == count
            ? true
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The indices {Indices.ShapeText} of a sparse array do not fit {count} elements in {rank} dimensions.");
    }

    private long Index(int at) => Indices.Type == NdType.Int64
        ? BinaryPrimitives.ReadInt64LittleEndian(Indices.Bytes.Span[(at * sizeof(long))..])
        : BinaryPrimitives.ReadInt32LittleEndian(Indices.Bytes.Span[(at * sizeof(int))..]);
}
