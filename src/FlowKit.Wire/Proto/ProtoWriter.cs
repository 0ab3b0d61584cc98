using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FlowKit.Wire.Proto;

/// <summary>
/// Writes protobuf's wire format straight into a buffer writer. The same code runs twice: first only measuring, which fills in the sizes
/// of nested messages, then writing. proto3's defaults (0, empty text) are left out unless a method says otherwise.
/// </summary>
internal ref struct ProtoWriter
{
    private const int MaxVarintBytes = 10;
    private const int ShortText = 80;
    private const int LargePiece = 64 * 1024;

    private readonly SizeList _sizes;
    private readonly FieldPath _path;
    private readonly IBufferWriter<byte>? _output;
    private Span<byte> _span;
    private int _at;

    /// <summary>Measures, or writes what was measured.</summary>
    /// <param name="sizes">Filled in or, with an output, taken from.</param>
    /// <param name="message">The message's name, for errors.</param>
    /// <param name="output">Where to; null only measures.</param>
    public ProtoWriter(SizeList sizes, string message, IBufferWriter<byte>? output = null)
    {
        _sizes = sizes;
        _path = new FieldPath(message);
        _output = output;
        sizes.Rewind();
    }

    /// <summary>The number of bytes measured or written.</summary>
    public long Total { get; private set; }

    /// <summary>Begins a nested message.</summary>
    /// <param name="field">Its field number.</param>
    /// <param name="name">The field's name, for errors.</param>
    /// <param name="index">Its place among repeated ones.</param>
    /// <returns>What <see cref="End"/> takes.</returns>
    public NestedMessage Begin(int field, string? name = null, int index = -1)
    {
        _path.Push(name, index);
        Tag(field, WireType.Bytes);
        if (_output is not null)
        {
            Varint((uint)_sizes.Take());
            return default;
        }

        return new NestedMessage(_sizes.Reserve(), Total);
    }

    /// <summary>Begins a document, whose depth among documents is limited.</summary>
    /// <returns>What <see cref="EndDocument"/> takes.</returns>
    public readonly int BeginDocument() => _path.BeginDocument();

    public readonly void EndDocument(int outer) => _path.EndDocument(outer);

    /// <summary>Ends a nested message.</summary>
    public void End(NestedMessage nested)
    {
        _path.Pop();
        if (_output is null)
        {
            var size = Total - nested.Start;
            _sizes.Set(nested.Slot, size <= int.MaxValue ? (int)size : throw TooLarge(size));
            Total += VarintSize((ulong)size);
        }
    }

    public void UInt32(int field, uint value)
    {
        if (value != 0)
        {
            PresentVarint(field, value);
        }
    }

    /// <summary>An int32, int64 or enum: a negative one takes ten bytes.</summary>
    public void Int64(int field, long value)
    {
        if (value != 0)
        {
            PresentVarint(field, (ulong)value);
        }
    }

    public void PresentVarint(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Varint(value);
    }

    /// <summary>Left out when it is +0; -0 is kept.</summary>
    public void Single(int field, float value)
    {
        if (BitConverter.SingleToInt32Bits(value) != 0)
        {
            Tag(field, WireType.Fixed32);
            PackedSingle(value);
        }
    }

    /// <summary>Begins a packed run of numbers.</summary>
    /// <param name="field">Its field number.</param>
    /// <param name="size">How many bytes they take.</param>
    public void BeginPacked(int field, int size)
    {
        Tag(field, WireType.Bytes);
        Varint((uint)size);
    }

    public void PackedSingle(float value)
    {
        if (Reserve(sizeof(float)) is { IsEmpty: false } target)
        {
            BinaryPrimitives.WriteSingleLittleEndian(target, value);
        }
    }

    public void PresentDouble(int field, double value)
    {
        Tag(field, WireType.Fixed64);
        if (Reserve(sizeof(double)) is { IsEmpty: false } target)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(target, value);
        }
    }

    public void String(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            PresentString(field, value);
        }
    }

    public void PresentString(int field, string value)
    {
        Tag(field, WireType.Bytes);
        if (_output is null)
        {
            var measured = Encoding.UTF8.GetByteCount(value);
            _sizes.Set(_sizes.Reserve(), measured);
            Total += measured + VarintSize((uint)measured);
            return;
        }

        var size = _sizes.Take();
        Varint((uint)size);
        if (size <= _span.Length - _at || size <= ShortText)
        {
            if (!Encoding.UTF8.TryGetBytes(value, Reserve(size), out var written) || written != size)
            {
                throw SizeList.Changed();
            }
        }
        else
        {
            Flush();
            Total += Encoding.UTF8.GetBytes(value, _output);
        }
    }

    public void PresentBytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((uint)value.Length);
        Raw(value);
    }

    /// <summary>Bytes that are protobuf already.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        if (_output is null)
        {
            Total += value.Length;
        }
        else if (value.Length <= _span.Length - _at)
        {
            value.CopyTo(Reserve(value.Length));
        }
        else
        {
            WriteInPieces(value);
        }
    }

    public void Varint(ulong value)
    {
        if (_output is null)
        {
            Total += VarintSize(value);
            return;
        }

        if (value < 0x80 && _at < _span.Length)
        {
            _span[_at++] = (byte)value;
            Total++;
            return;
        }

        Require(MaxVarintBytes);
        var start = _at;
        for (; value >= 0x80; value >>= 7)
        {
            _span[_at++] = (byte)(value | 0x80);
        }

        _span[_at++] = (byte)value;
        Total += _at - start;
    }

    /// <summary>Hands what is written to the output.</summary>
    public void Flush()
    {
        if (_at > 0)
        {
            _output!.Advance(_at);
        }

        _span = default;
        _at = 0;
    }

    public static int VarintSize(ulong value) => value == 0 ? 1 : (BitOperations.Log2(value) / 7) + 1;

    /// <summary>Asks for larger pieces than a pipe gives by itself: a picture in 4 KiB segments costs more to send than to copy.</summary>
    private void WriteInPieces(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            Require(Math.Min(value.Length, LargePiece));
            var piece = value[..Math.Min(value.Length, _span.Length - _at)];
            piece.CopyTo(Reserve(piece.Length));
            value = value[piece.Length..];
        }
    }

    private static FlowKitException TooLarge(long size) =>
        new(FlowErrorCode.PayloadTooLarge, $"A protobuf message of {size} bytes cannot be; it holds at most {int.MaxValue}.");

    private void Tag(int field, WireType type) => Varint(((uint)field << 3) | (uint)type);

    /// <summary>Counts the bytes and, when writing, gives the place for them.</summary>
    private Span<byte> Reserve(int count)
    {
        Total += count;
        if (_output is null)
        {
            return default;
        }

        Require(count);
        _at += count;
        return _span.Slice(_at - count, count);
    }

    private void Require(int count)
    {
        if (_span.Length - _at < count)
        {
            Flush();
            _span = _output!.GetSpan(count);
        }
    }
}
