using System.Buffers.Binary;
using System.Text;

namespace FlowKit.Wire.Proto;

/// <summary>
/// Reads protobuf's wire format in place: bytes are slices of the message's memory. Every length, number, depth and text is checked,
/// and whatever is wrong is one <see cref="FlowKitException"/> that names the field by its path.
/// </summary>
internal ref struct ProtoReader
{
    /// <summary>The least bytes that a document or request with an id or a name takes on the wire.</summary>
    public const int MinDocumentBytes = 32;

    /// <summary>The least bytes that an object, list or route takes on the wire when it is not empty.</summary>
    public const int MinMapBytes = 8;

    private const int FreeBytes = 1 << 20;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;
    private readonly FieldPath _path;
    private int _at;
    private int _end;
    private int _tagAt;
    private WireType _type;
    private long _expected;

    /// <summary>Starts at the beginning.</summary>
    /// <param name="memory">The message; what is read may be slices of it.</param>
    /// <param name="message">Its name, for errors.</param>
    /// <param name="field">The field of another message that it was, for errors.</param>
    public ProtoReader(ReadOnlyMemory<byte> memory, string message, string? field = null)
    {
        _memory = memory;
        _span = memory.Span;
        _end = _span.Length;
        _path = new FieldPath(message);
        if (field is not null)
        {
            _path.Push(field, -1);
        }
    }

    /// <summary>The number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field of the message it is in.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        if (_at == _end)
        {
            return false;
        }

        _tagAt = _at;
        var tag = Varint(null);
        _type = (WireType)(tag & 7);
        Field = tag is >= 8 and <= uint.MaxValue
            ? (int)(tag >> 3)
            : throw _path.Fault(null, $"byte {_tagAt} does not begin a field");
        return true;
    }

    /// <summary>Goes into the message that the field holds.</summary>
    /// <param name="name">The field's name; null for one that people do not see.</param>
    /// <param name="index">Its place among repeated ones.</param>
    /// <returns>What <see cref="Leave"/> takes.</returns>
    public int Enter(string? name, int index = -1)
    {
        var length = Length(name);
        _path.Push(name, index);
        var outer = _end;
        _end = _at + length;
        return outer;
    }

    /// <summary>Goes back to the outer message when <see cref="Next"/> has found the end of the inner one.</summary>
    public void Leave(int outer)
    {
        _path.Pop();
        _end = outer;
    }

    /// <summary>Begins a document, whose depth among documents is limited.</summary>
    /// <returns>What <see cref="EndDocument"/> takes.</returns>
    public readonly int BeginDocument() => _path.BeginDocument();

    public readonly void EndDocument(int outer) => _path.EndDocument(outer);

    public uint UInt32(string name)
    {
        Expect(WireType.Varint, name);
        return (uint)Varint(name);
    }

    public int Int32(string name)
    {
        Expect(WireType.Varint, name);
        return (int)Varint(name);
    }

    public long Int64(string name)
    {
        Expect(WireType.Varint, name);
        return (long)Varint(name);
    }

    public bool Bool(string name)
    {
        Expect(WireType.Varint, name);
        return Varint(name) != 0;
    }

    public float Single(string name)
    {
        Expect(WireType.Fixed32, name);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float), name));
    }

    public double Double(string name)
    {
        Expect(WireType.Fixed64, name);
        return BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double), name));
    }

    public ReadOnlyMemory<byte> Bytes(string name)
    {
        var length = Length(name);
        _at += length;
        return _memory.Slice(_at - length, length);
    }

    public string String(string name)
    {
        var bytes = Take(Length(name), name);
        if (Ascii.IsValid(bytes))
        {
            return Encoding.Latin1.GetString(bytes);
        }

        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw NoText(name);
    }

    /// <summary>A text as its bytes, for those that are compared rather than kept.</summary>
    public ReadOnlySpan<byte> Utf8(string name)
    {
        var bytes = Take(Length(name), name);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? bytes : throw NoText(name);
    }

    /// <summary>Reads a float, or a packed run of floats.</summary>
    public void Singles(List<float> target, string name)
    {
        if (_type != WireType.Bytes)
        {
            target.Add(Single(name));
            return;
        }

        var bytes = Take(Length(name), name);
        if (bytes.Length % sizeof(float) != 0)
        {
            throw _path.Fault(name, $"{bytes.Length} bytes are no whole number of floats");
        }

        for (; !bytes.IsEmpty; bytes = bytes[sizeof(float)..])
        {
            target.Add(BinaryPrimitives.ReadSingleLittleEndian(bytes));
        }
    }

    /// <summary>Reads a dimension of a shape, or a packed run of dimensions.</summary>
    /// <returns>The number of dimensions that <paramref name="shape"/> holds now.</returns>
    public int Dimensions(scoped Span<int> shape, int rank, string name)
    {
        if (_type != WireType.Bytes)
        {
            shape[rank] = Dimension(UInt32(name), rank, shape.Length, name);
            return rank + 1;
        }

        var length = Length(name);
        var outer = _end;
        for (_end = _at + length; _at < _end; rank++)
        {
            shape[rank] = Dimension(Varint(name), rank, shape.Length, name);
        }

        _end = outer;
        return rank;
    }

    /// <summary>
    /// Counts a part that takes much more memory than the two bytes that an empty one has on the wire: a document, a request, a list.
    /// A message of millions of empty ones is an attack.
    /// </summary>
    /// <param name="leastBytes">What a real one has on the wire.</param>
    public void CountPart(int leastBytes)
    {
        _expected += leastBytes;
        if (_expected > FreeBytes + _span.Length)
        {
            throw _path.Fault(null, $"{_span.Length} bytes hold too many documents, requests, routes or lists that are empty");
        }
    }

    /// <summary>Passes over a field that is not known.</summary>
    /// <returns>All of it, its tag included.</returns>
    public ReadOnlyMemory<byte> Skip()
    {
        var start = _tagAt;
        SkipValue(_type);
        return _memory[start.._at];
    }

    public readonly FlowKitException Fault(string? field, string message) => _path.Fault(field, message);

    private readonly FlowKitException NoText(string name) => _path.Fault(name, "the text is not valid UTF-8");

    private readonly int Dimension(ulong value, int rank, int room, string name) => value <= int.MaxValue && rank < room - 1
        ? (int)value
        : throw _path.Fault(name, $"expected at most {room - 1} dimensions, each at most {int.MaxValue}");

    private readonly void Expect(WireType type, string? name)
    {
        if (_type != type)
        {
            throw _path.Fault(name, $"expected wire type {(int)type} ({type}), not {(int)_type}");
        }
    }

    private int Length(string? name)
    {
        Expect(WireType.Bytes, name);
        return RawLength(name);
    }

    private int RawLength(string? name)
    {
        var length = Varint(name);
        var left = _end - _at;
        if (length > (ulong)left)
        {
            throw _path.Fault(
                name,
                (long)length < 0 ? $"its length {(long)length} is negative" : $"it is to hold {length} bytes, but only {left} follow");
        }

        return (int)length;
    }

    private ReadOnlySpan<byte> Take(int count, string? name)
    {
        if (count > _end - _at)
        {
            throw _path.Fault(name, $"it takes {count} bytes, but only {_end - _at} follow");
        }

        _at += count;
        return _span.Slice(_at - count, count);
    }

    private ulong Varint(string? name)
    {
        if (_at < _end && _span[_at] < 0x80)
        {
            return _span[_at++];
        }

        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _end)
            {
                throw _path.Fault(name, "the message ends inside a number");
            }

            var next = _span[_at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return shift < 63 || next <= 1 ? value : throw _path.Fault(name, "a number has more than 64 bits");
            }
        }

        throw _path.Fault(name, "a number has more than 10 bytes");
    }

    private void SkipValue(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                Varint(null);
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong), null);
                break;
            case WireType.Fixed32:
                Take(sizeof(uint), null);
                break;
            case WireType.Bytes:
                Take(RawLength(null), null);
                break;
            case WireType.StartGroup:
                SkipGroup(Field);
                break;
            default:
                throw _path.Fault(null, $"byte {_tagAt} has the wire type {(int)type}, which does not begin a field");
        }
    }

    /// <summary>proto2's groups, which Jina never sends: skipped to their end like any other unknown field.</summary>
    private void SkipGroup(int field)
    {
        _path.Push(null, -1);
        while (Next())
        {
            if (_type != WireType.EndGroup)
            {
                SkipValue(_type);
            }
            else if (Field == field)
            {
                _path.Pop();
                return;
            }
            else
            {
                break;
            }
        }

        throw _path.Fault(null, $"the group of field {field} does not end");
    }
}
