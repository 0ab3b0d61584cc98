using System.Buffers.Binary;

namespace FlowKit.Imaging.Decoding;

/// <summary>Reads bytes one after another; where they end, it throws.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The bytes that have not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Reads the next <paramref name="count"/> bytes.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new EndOfStreamException();
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>Reads the next byte.</summary>
    /// <exception cref="EndOfStreamException">There is none.</exception>
    public byte TakeByte() => Take(1)[0];

    /// <summary>Reads two bytes, of which the first is the lower.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public int TakeUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
}
