using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowKit.Wire.Proto;

/// <summary>NumPy's spellings of element types, read without making text of the usual ones.</summary>
internal static class ElementTypes
{
    private static readonly byte[][] s_names = [.. Enum.GetValues<NdType>().Select(type => Encoding.ASCII.GetBytes(NdTypes.NumPyOf(type)))];
    private static readonly int[] s_keys = [.. s_names.Select(name => KeyOf(name))];

    /// <summary>The spelling of a type.</summary>
    public static ReadOnlySpan<byte> NameOf(NdType type) => s_names[(int)type];

    /// <summary>Reads a spelling.</summary>
    public static ElementEncoding Read(ref ProtoReader reader, string name)
    {
        var bytes = reader.Utf8(name);
        if (bytes.Length == 3 && s_keys.AsSpan().IndexOf(KeyOf(bytes)) is >= 0 and var type)
        {
            return new ElementEncoding((NdType)type);
        }

        var text = Encoding.UTF8.GetString(bytes);
        return ElementEncoding.TryParse(text, out var known)
            ? known
            : throw reader.Fault(
                name, $"'{(text.Length <= 20 ? text : text[..20])}' is not an element type that is known here; expected one like '<f4'");
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

    /// <summary>The three letters of a usual spelling as one number.</summary>
    private static int KeyOf(ReadOnlySpan<byte> name) => name[0] | (name[1] << 8) | (name[2] << 16);
}
