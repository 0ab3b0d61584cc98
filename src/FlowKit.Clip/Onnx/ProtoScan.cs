namespace FlowKit.Clip.Onnx;

/// <summary>Walks over a protobuf message in a file and jumps over what nobody asks for.</summary>
internal static class ProtoScan
{
    private const long MaxFieldBytes = 16 << 20;

    /// <summary>
    /// Calls <paramref name="field"/> for each length-delimited field, with its number and length; it may read it or leave it.
    /// </summary>
    /// <param name="stream">Stands at the message's first byte; ends behind its last.</param>
    /// <param name="length">The message's length.</param>
    /// <param name="field">Gets a field's number and length.</param>
    /// <exception cref="InvalidDataException">Not a protobuf message.</exception>
    internal static void Fields(FileStream stream, long length, Action<int, long> field)
    {
        var end = stream.Position + length;
        while (stream.Position < end)
        {
            var tag = Varint(stream);
            switch (tag & 7)
            {
                case 0:
                    Varint(stream);
                    break;
                case 1:
                    stream.Seek(8, SeekOrigin.Current);
                    break;
                case 2:
                    var size = (long)Varint(stream);
                    var next = stream.Position + size;
                    if (size < 0 || next > end)
                    {
                        throw new InvalidDataException("it is cut off");
                    }

                    field((int)(tag >> 3), size);
                    stream.Seek(next, SeekOrigin.Begin);
                    break;
                case 5:
                    stream.Seek(4, SeekOrigin.Current);
                    break;
                default:
                    throw new InvalidDataException("its bytes are not protobuf");
            }
        }
    }

    /// <summary>The bytes of a field.</summary>
    internal static byte[] Bytes(FileStream stream, long length)
    {
        if (length > MaxFieldBytes)
        {
            throw new InvalidDataException($"a field of {length} bytes stands where a name is expected");
        }

        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static ulong Varint(FileStream stream)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                throw new InvalidDataException("it is cut off");
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("its bytes are not protobuf");
    }
}
