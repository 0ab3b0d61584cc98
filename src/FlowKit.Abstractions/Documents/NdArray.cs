using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>
/// An n-dimensional array: little-endian elements in C order over memory that is wrapped, never copied.
/// Immutable by contract: stages share it, so whoever made it must not write it afterwards.
/// </summary>
public sealed class NdArray
{
    private readonly int[] _shape;

    /// <summary>Wraps raw bytes.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The dimensions; empty for a scalar.</param>
    /// <param name="bytes">Exactly the elements, little-endian, C order.</param>
    /// <exception cref="FlowKitException">The byte count does not fit type and shape, or a dimension is negative.</exception>
    public NdArray(NdType type, ReadOnlySpan<int> shape, ReadOnlyMemory<byte> bytes)
    {
        Type = type;
        _shape = shape.ToArray();
        Length = CountElements(shape);
        Bytes = bytes;
        var expected = (long)Length * NdTypes.SizeOf(type);
        if (expected != bytes.Length)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"An array of {NdTypes.NameOf(type)} {ShapeText} holds {expected} bytes, but {bytes.Length} were given.");
        }
    }

    /// <summary>The element type.</summary>
    public NdType Type { get; }

    /// <summary>The dimensions, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>How many dimensions there are.</summary>
    public int Rank => _shape.Length;

    /// <summary>How many elements there are.</summary>
    public int Length { get; }

    /// <summary>The elements' bytes, little-endian, C order.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The shape as people write it: <c>[224, 224, 3]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", _shape)}]";

    /// <summary>Wraps <paramref name="data"/> without copying it.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="data">The elements in C order.</param>
    /// <param name="shape">The dimensions; none means one dimension of all elements.</param>
    public static NdArray Wrap<T>(Memory<T> data, params ReadOnlySpan<int> shape) where T : unmanaged
    {
        var bytes = typeof(T) == typeof(byte) ? (Memory<byte>)(object)data : new CastMemoryManager<T>(data).Memory;
        return new NdArray(NdTypes.Of<T>(), shape.IsEmpty ? [data.Length] : shape, bytes);
    }

    /// <summary>Wraps <paramref name="data"/> without copying it.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="data">The elements in C order.</param>
    /// <param name="shape">The dimensions; none means one dimension of all elements.</param>
    public static NdArray Wrap<T>(T[] data, params ReadOnlySpan<int> shape) where T : unmanaged => Wrap(data.AsMemory(), shape);

    /// <summary>The elements, in place.</summary>
    /// <typeparam name="T">Must be the array's own element type.</typeparam>
    /// <exception cref="FlowKitException">The array holds another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged
    {
        if (NdTypes.Of<T>() != Type)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The array holds {NdTypes.NameOf(Type)}, not {NdTypes.NameOf(NdTypes.Of<T>())}.");
        }

        return MemoryMarshal.Cast<byte, T>(Bytes.Span);
    }

    /// <summary>The elements as memory, in place where they were wrapped as <typeparamref name="T"/>, else copied once.</summary>
    /// <typeparam name="T">Must be the array's own element type.</typeparam>
    public ReadOnlyMemory<T> AsMemory<T>() where T : unmanaged
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, CastMemoryManager<T>>(Bytes, out var manager, out var start, out _) && start == 0)
        {
            return manager.Source;
        }

        return AsSpan<T>().ToArray();
    }

    /// <summary>The elements as 32-bit floats, converted when they are of another type.</summary>
    public float[] ToFloats()
    {
        if (Type == NdType.Float32)
        {
            return AsSpan<float>().ToArray();
        }

        var result = new float[Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (float)ToDouble(i);
        }

        return result;
    }

    /// <summary>One element as a double, whatever the array's type.</summary>
    /// <param name="index">Its position in C order.</param>
    public double ToDouble(int index)
    {
        var at = Bytes.Span[(index * NdTypes.SizeOf(Type))..];
        return Type switch
        {
            NdType.Bool or NdType.UInt8 => at[0],
            NdType.Int8 => (sbyte)at[0],
            NdType.UInt16 => MemoryMarshal.Read<ushort>(at),
            NdType.Int16 => MemoryMarshal.Read<short>(at),
            NdType.UInt32 => MemoryMarshal.Read<uint>(at),
            NdType.Int32 => MemoryMarshal.Read<int>(at),
            NdType.UInt64 => MemoryMarshal.Read<ulong>(at),
            NdType.Int64 => MemoryMarshal.Read<long>(at),
            NdType.Float16 => (double)MemoryMarshal.Read<Half>(at),
            NdType.Float32 => MemoryMarshal.Read<float>(at),
            _ => MemoryMarshal.Read<double>(at),
        };
    }

    /// <summary>The same elements under another shape.</summary>
    /// <param name="shape">Dimensions of the same element count.</param>
    public NdArray Reshape(params ReadOnlySpan<int> shape) => new(Type, shape, Bytes);

    /// <inheritdoc/>
    public override string ToString() => $"{NdTypes.NameOf(Type)} {ShapeText}";

    private static int CountElements(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            count = dimension < 0 ? -1 : count * dimension;
            if (count is < 0 or > int.MaxValue)
            {
                throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The shape [{string.Join(", ", shape.ToArray())}] is not valid: every dimension must be at least 0 and their product at most {int.MaxValue}.");
            }
        }

        return (int)count;
    }
}
