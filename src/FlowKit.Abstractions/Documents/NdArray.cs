using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>
/// An n-dimensional array: little-endian elements in C order over memory that is wrapped, never copied. Immutable by contract: stages share
/// it, so whoever made it must not write it afterwards.
/// </summary>
public sealed class NdArray
{
    /// <summary>The most bytes that zeros or a sparse array are made into: 1 GiB.</summary>
    public const int MostMadeBytes = 1 << 30;

    private readonly int[] _shape;
    private readonly ReadOnlyMemory<byte> _bytes;
    private byte[]? _made;

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
        _bytes = bytes;
        var expected = (long)Length * NdTypes.SizeOf(type);
        if (expected != bytes.Length)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"An array of {NdTypes.NameOf(type)} {ShapeText} holds {expected} bytes, but {bytes.Length} were given.");
        }
    }

    private NdArray(NdType type, ReadOnlySpan<int> shape, SparseElements? sparse)
    {
        Type = type;
        _shape = shape.ToArray();
        Length = CountElements(shape);
        Sparse = sparse;
        IsZeros = sparse is null && Length > 0;
    }

    private NdArray(NdArray source, string? framework, JsonObject? parameters)
    {
        (Type, _shape, Length, _bytes, _made) = (source.Type, source._shape, source.Length, source._bytes, source._made);
        (Sparse, IsZeros, Framework, FrameworkParameters) = (source.Sparse, source.IsZeros, framework, parameters);
    }

    /// <summary>The element type.</summary>
    public NdType Type { get; }

    /// <summary>The dimensions, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The number of dimensions.</summary>
    public int Rank => _shape.Length;

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>
    /// The elements' bytes, little-endian, C order; those of zeros and of a sparse array are made when they are first asked for.
    /// </summary>
    /// <exception cref="FlowKitException">
    /// They would be more than <see cref="MostMadeBytes"/>, or a sparse array's positions are not valid.
    /// </exception>
    public ReadOnlyMemory<byte> Bytes => IsZeros || Sparse is not null ? _made ??= Make() : _bytes;

    /// <summary>Tells what a sparse array holds; <see langword="null"/> for a dense one.</summary>
    public SparseElements? Sparse { get; }

    /// <summary>Tells whether it was made by <see cref="Zeros"/>, so that its bytes need not be sent.</summary>
    public bool IsZeros { get; }

    /// <summary>
    /// The kind of array it is to Python peers, DocArray's <c>cls_name</c>: <c>numpy</c> (also when null), <c>list</c>, <c>torch</c>,
    /// <c>tensorflow</c>, <c>paddle</c>, <c>scipy</c>.
    /// </summary>
    public string? Framework { get; }

    /// <summary>
    /// Tells what a Python peer said about the array beside its elements, such as <c>sparse_format</c>; not to be changed.
    /// </summary>
    public JsonObject? FrameworkParameters { get; }

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

    /// <summary>An array of zeros that takes no memory before its bytes are asked for.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The dimensions; none for a scalar.</param>
    public static NdArray Zeros(NdType type, params ReadOnlySpan<int> shape) => new(type, shape, sparse: null);

    /// <summary>A sparse array, which becomes a dense one when its bytes are asked for.</summary>
    /// <param name="elements">The elements that are not zero.</param>
    /// <param name="shape">The dimensions of the whole.</param>
    public static NdArray FromSparse(SparseElements elements, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return new NdArray(elements.Values.Type, shape, elements);
    }

    /// <summary>The elements, in place.</summary>
    /// <typeparam name="T">Must be the array's own element type.</typeparam>
    /// <exception cref="FlowKitException">The array holds another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged
    {
        if (NdTypes.Of<T>() != Type)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"The array holds {NdTypes.NameOf(Type)}, not {NdTypes.NameOf(NdTypes.Of<T>())}.");
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

    /// <summary>An element as a double, whatever the array's type.</summary>
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
    public NdArray Reshape(params ReadOnlySpan<int> shape) => new NdArray(Type, shape, Bytes).From(Framework);

    /// <summary>The same array, sharing its memory, under another account of what it is to Python peers.</summary>
    /// <param name="framework">See <see cref="Framework"/>.</param>
    /// <param name="parameters">See <see cref="FrameworkParameters"/>.</param>
    public NdArray From(string? framework, JsonObject? parameters = null) => new(this, framework, parameters);

    /// <inheritdoc/>
    public override string ToString() => $"{NdTypes.NameOf(Type)} {ShapeText}";

    private byte[] Make()
    {
        var bytes = (long)Length * NdTypes.SizeOf(Type);
        if (bytes > MostMadeBytes)
        {
            throw new FlowKitException(
                FlowErrorCode.PayloadTooLarge,
                $"{this} takes {bytes} bytes, more than the {MostMadeBytes} that are made of a sparse array or of zeros.");
        }

        return Sparse?.ToDense(_shape, (int)bytes) ?? new byte[bytes];
    }

    private static int CountElements(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            count = dimension < 0 ? -1 : count * dimension;
            if (count is < 0 or > int.MaxValue)
            {
                throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The shape [{string.Join(", ", shape.ToArray())}] is not "
                    + $"valid: every dimension must be at least 0 and their product at most {int.MaxValue}.");
            }
        }

        return (int)count;
    }
}
