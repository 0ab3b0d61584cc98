using System.Buffers.Binary;

namespace FlowKit.Fuzz;

/// <summary>Changes inputs: bits and bytes, pieces of others, tokens of the format, lengths and numbers that lie, cuts, and depth.</summary>
/// <param name="random">The same seed makes the same inputs.</param>
/// <param name="tokens">The format's tokens.</param>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> tokens)
{
    /// <summary>The longest input.</summary>
    public const int MaxLength = 16 << 10;

    private static readonly long[] s_numbers =
    [
        0, 1, -1, 2, 7, 8, 15, 16, 63, 64, 65, 100, 127, 128, 255, 256, 1000, 1023, 1024, 4095, 4096, 32767, 32768, 65535, 65536,
        1 << 20, 1 << 24, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue, 100_000_000, 9007199254740993,
    ];

    private static readonly string[] s_words = ["-0", "1e999", "-1", "0x10", "1e3", "NaN", "00", "1.5", "99999999999999999999", ".inf", "+1", "1_0"];

    /// <summary>A changed copy.</summary>
    /// <param name="input">The input.</param>
    /// <param name="other">Another one, of which pieces may be taken.</param>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (var step = 1 << random.Next(4); step > 0; step--)
        {
            Change(bytes, other);
        }

        if (bytes.Count > MaxLength)
        {
            bytes.RemoveRange(MaxLength, bytes.Count - MaxLength);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        var at = random.Next(bytes.Count + 1);
        var isInside = at < bytes.Count;
        switch (random.Next(14))
        {
            case 0 when isInside:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when isInside:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 when isInside:
                bytes[at] += (byte)random.Next(-16, 17);
                break;
            case 3:
                bytes.RemoveRange(at, Piece(bytes.Count - at));
                break;
            case 4 when isInside:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, Piece(bytes.Count - at)));
                break;
            case 6:
                Overwrite(bytes, at, Number());
                break;
            case 7:
                bytes.InsertRange(at, Number());
                break;
            case 8 when other.Length > 0:
                bytes.InsertRange(at, PieceOf(other));
                break;
            case 9 when other.Length > 0:
                Overwrite(bytes, at, PieceOf(other));
                break;
            case 10:
                Lie(bytes, at);
                break;
            case 11:
                Nest(bytes, at);
                break;
            case 12 when tokens.Count > 0:
                Overwrite(bytes, at, tokens[random.Next(tokens.Count)]);
                break;
            default:
                bytes.InsertRange(at, tokens.Count > 0 ? tokens[random.Next(tokens.Count)] : Number());
                break;
        }
    }

    private int Piece(int most) => Math.Min(most, random.Next(4) == 0 ? random.Next(1, 4096) : random.Next(1, 24));

    private byte[] PieceOf(byte[] other)
    {
        var from = random.Next(other.Length);
        return other.AsSpan(from, Piece(other.Length - from)).ToArray();
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] piece)
    {
        bytes.RemoveRange(at, Math.Min(piece.Length, bytes.Count - at));
        bytes.InsertRange(at, piece);
    }

    /// <summary>A number that is at an edge of its type, as formats write one.</summary>
    private byte[] Number()
    {
        var number = s_numbers[random.Next(s_numbers.Length)] + random.Next(-1, 2);
        var bytes = new byte[8];
        switch (random.Next(6))
        {
            case 0:
                return [(byte)number];
            case 1:
                BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
                return bytes[..2];
            case 2:
                BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)number);
                return bytes[..4];
            case 3:
                BinaryPrimitives.WriteInt32BigEndian(bytes, (int)number);
                return bytes[..4];
            case 4:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                return bytes;
            default:
                return VarInt((ulong)number);
        }
    }

    private static byte[] VarInt(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    /// <summary>Writes another number over the next one that is written in digits.</summary>
    private void Lie(List<byte> bytes, int at)
    {
        var from = bytes.FindIndex(at, static value => char.IsAsciiDigit((char)value));
        if (from < 0)
        {
            return;
        }

        var end = bytes.FindIndex(from, static value => !char.IsAsciiDigit((char)value));
        bytes.RemoveRange(from, (end < 0 ? bytes.Count : end) - from);
        var text = random.Next(3) == 0
            ? s_words[random.Next(s_words.Length)]
            : s_numbers[random.Next(s_numbers.Length)].ToString(System.Globalization.CultureInfo.InvariantCulture);
        bytes.InsertRange(from, System.Text.Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Repeats a piece so often that what it opens is deep.</summary>
    private void Nest(List<byte> bytes, int at)
    {
        var piece = bytes.GetRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
        for (var count = 1 << random.Next(1, 9); count > 0 && piece.Count > 0 && bytes.Count < MaxLength; count--)
        {
            bytes.InsertRange(at, piece);
        }
    }
}
