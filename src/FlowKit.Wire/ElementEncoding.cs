using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire;

/// <summary>The way that the elements of an array lie in bytes, which need not be that of this machine.</summary>
/// <param name="Type">The type that they have here.</param>
/// <param name="IsSwapped">Whether they are big-endian.</param>
/// <param name="IsBFloat16">Whether they are the upper halves of float32, which .NET has no type for.</param>
internal readonly record struct ElementEncoding(NdType Type, bool IsSwapped = false, bool IsBFloat16 = false)
{
    private const string BFloat16 = "bfloat16";

    /// <summary>Reads a spelling: <c>float32</c>, <c>&lt;f4</c>, <c>&gt;f4</c>, <c>bfloat16</c>.</summary>
    public static bool TryParse(string name, out ElementEncoding encoding)
    {
        encoding = default;
        if (NdTypes.TryParse(name, out var type))
        {
            encoding = new ElementEncoding(type);
            return true;
        }

        if (name.StartsWith('>') && NdTypes.TryParse($"<{name.AsSpan(1)}", out type))
        {
            encoding = new ElementEncoding(type, IsSwapped: true);
            return true;
        }

        encoding = new ElementEncoding(NdType.Float32, IsBFloat16: true);
        return name == BFloat16;
    }

    /// <summary>Returns the bytes as this machine has them.</summary>
    public byte[] Decode(byte[] bytes)
    {
        if (IsBFloat16)
        {
            return Widen(bytes);
        }

        return IsSwapped ? ElementTypes.Swap(Type, bytes) : bytes;
    }

    /// <summary>Returns the bytes as this machine has them.</summary>
    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> bytes)
    {
        if (IsBFloat16)
        {
            return Widen(bytes.Span);
        }

        return IsSwapped ? ElementTypes.Swap(Type, bytes.Span) : bytes;
    }

    /// <summary>An odd byte at the end stays, so that the array's own check finds it.</summary>
    private static byte[] Widen(ReadOnlySpan<byte> bytes)
    {
        var target = new byte[(bytes.Length / 2 * 4) + (bytes.Length % 2)];
        var floats = MemoryMarshal.Cast<byte, uint>(target.AsSpan(0, bytes.Length / 2 * 4));
        for (var at = 0; at < floats.Length; at++)
        {
            floats[at] = (uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * at)..]) << 16;
        }

        return target;
    }
}
