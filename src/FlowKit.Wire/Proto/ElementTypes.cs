using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowKit.Wire.Proto;

/// <summary>NumPy's spellings of element types, read without making text of the usual ones.</summary>
internal static class ElementTypes
{
    private static readonly (byte[] Name, NdType Type)[] s_usual =
        [.. Enum.GetValues<NdType>().Select(type => (Encoding.ASCII.GetBytes(NdTypes.NumPyOf(type)), type))];

    /// <summary>The spelling of a type.</summary>
    public static ReadOnlySpan<byte> NameOf(NdType type) => s_usual[(int)type].Name;

    /// <summary>Reads a spelling.</summary>
    /// <returns>The type, and whether its elements are big-endian.</returns>
    public static (NdType Type, bool IsSwapped) Read(ref ProtoReader reader, string name)
    {
        var bytes = reader.Utf8(name);
        foreach (var (usual, type) in s_usual)
        {
            if (bytes.SequenceEqual(usual))
            {
                return (type, false);
            }
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (NdTypes.TryParse(text, out var known))
        {
            return (known, false);
        }

        return text.StartsWith('>') && NdTypes.TryParse($"<{text.AsSpan(1)}", out var swapped)
            ? (swapped, true)
            : throw reader.Fault(name, $"'{(text.Length <= 20 ? text : text[..20])}' is not an element type that is known here; expected one like '<f4'");
    }

    /// <summary>Turns every element round.</summary>
    public static byte[] Swap(NdType type, ReadOnlySpan<byte> bytes)
    {
        var target = bytes.ToArray();
        switch (NdTypes.SizeOf(type))
        {
            case 2:
                var two = MemoryMarshal.Cast<byte, ushort>(target.AsSpan());
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                var four = MemoryMarshal.Cast<byte, uint>(target.AsSpan());
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                var eight = MemoryMarshal.Cast<byte, ulong>(target.AsSpan());
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }

        return target;
    }
}
