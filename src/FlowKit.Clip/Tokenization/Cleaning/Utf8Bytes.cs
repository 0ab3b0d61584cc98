using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>Reads bytes as UTF-8, after mending what programs did to them while they passed for another encoding.</summary>
internal static class Utf8Bytes
{
    private const byte Space = 0x20, HardSpace = 0xA0, Lost = 0x1A, Question = (byte)'?';

    // Portuguese words that begin with an a grave: there the space belongs to the letter.
    private static readonly byte[][] Contractions =
        [" "u8.ToArray(), "quele"u8.ToArray(), "quela"u8.ToArray(), "quilo"u8.ToArray(), "s "u8.ToArray()];

    /// <summary>The text of these bytes; null where they are no UTF-8.</summary>
    internal static string? TryDecode(byte[] bytes)
    {
        if (bytes.AsSpan().IndexOfAny((byte)0xED, (byte)0xC0) >= 0)
        {
            bytes = WithoutVariants(bytes);
        }

        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>Gives back no-break spaces that became plain ones within what else is UTF-8.</summary>
    internal static byte[] WithHardSpaces(byte[] bytes)
    {
        if (!AnyHiddenSpace(bytes))
        {
            return bytes;
        }

        bytes = WithSeparateWords(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (HiddenSpaceLength(bytes.AsSpan(i)) is > 0 and var length)
            {
                bytes.AsSpan(i, length).Replace(Space, HardSpace);
                i += length - 1;
            }
        }

        return bytes;
    }

    /// <summary>Makes one replacement character of every sequence that a byte was lost of.</summary>
    internal static byte[] WithoutLostBytes(byte[] bytes)
    {
        if (bytes.AsSpan().IndexOfAny(Lost, Question) < 0)
        {
            return bytes;
        }

        var result = new List<byte>(bytes.Length + 2);
        for (var i = 0; i < bytes.Length;)
        {
            if (LossyLength(bytes.AsSpan(i)) is > 0 and var length)
            {
                result.AddRange("\uFFFD"u8);
                i += length;
            }
            else
            {
                result.Add(bytes[i++]);
            }
        }

        return [.. result];
    }

    private static bool AnyHiddenSpace(ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; bytes = bytes[1..])
        {
            if (HiddenSpaceLength(bytes) > 0)
            {
                return true;
            }
        }

        return false;
    }

    // "Ã la carte" is "à la carte": the space between two words is one besides the one that was lost.
    private static byte[] WithSeparateWords(byte[] bytes)
    {
        var result = new List<byte>(bytes.Length + 4);
        for (var i = 0; i < bytes.Length; i++)
        {
            result.Add(bytes[i]);
            if (bytes[i] == 0xC3 && i + 1 < bytes.Length && bytes[i + 1] == Space && !Continues(bytes, i + 2))
            {
                result.Add(HardSpace);
            }
        }

        return [.. result];
    }

    private static bool Continues(byte[] bytes, int at) => Array.Exists(Contractions, word => bytes.AsSpan(at).StartsWith(word));

    private static int HiddenSpaceLength(ReadOnlySpan<byte> bytes)
    {
        var lead = bytes[0];
        if (lead is 0xC2 or 0xC3 or 0xC5 or 0xCE or 0xD0 or 0xD9)
        {
            return bytes.Length > 1 && bytes[1] == Space ? 2 : 0;
        }

        if (lead is >= 0xE0 and <= 0xE3)
        {
            var isHidden = bytes.Length > 2
                && ((bytes[1] == Space && lead >= 0xE2 && IsLikelyTail(bytes[2])) || (IsLikelyTail(bytes[1]) && bytes[2] == Space));
            return isHidden ? 3 : 0;
        }

        return lead == 0xF0 && bytes.Length > 3 && bytes[1..4].Count(Space) == 1 && bytes[1..4].ContainsOnlyTails(Space) ? 4 : 0;
    }

    private static bool IsLikelyTail(byte value) => value is >= 0x80 and <= 0xBF and not 0x85 and not 0xA0;

    private static bool ContainsOnlyTails(this ReadOnlySpan<byte> bytes, byte orThis)
    {
        foreach (var value in bytes)
        {
            if (value != orThis && value is < 0x80 or > 0xBF)
            {
                return false;
            }
        }

        return true;
    }

    private static int LossyLength(ReadOnlySpan<byte> bytes)
    {
        var lead = bytes[0];
        if (lead is >= 0xC2 and <= 0xDF)
        {
            return bytes.Length > 1 && (bytes[1] == Lost || (bytes[1] == Question && lead <= 0xC3)) ? 2 : 0;
        }

        if (lead == 0xED && IsLossyPair(bytes))
        {
            return 6;
        }

        var length = lead switch
        {
            >= 0xE0 and <= 0xEF => 3,
            >= 0xF0 and <= 0xF4 => 4,
            _ => 1,
        };
        if (length == 1)
        {
            return lead == Lost ? 1 : 0;
        }

        return bytes.Length >= length && IsLossyTail(bytes[1..length]) ? length : 0;
    }

    // A question mark is a byte that was lost too, but a second one is more likely a question.
    private static bool IsLossyTail(ReadOnlySpan<byte> tail)
    {
        var (lost, questions) = (tail.Count(Lost), tail.Count(Question));
        foreach (var value in tail)
        {
            if (!IsLostOrTail(value))
            {
                return false;
            }
        }

        return lost + questions > 0 && questions <= 1;
    }

    // Both halves of a surrogate pair, each as three bytes.
    private static bool IsLossyPair(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 5
        && bytes[1] is >= 0xA0 and <= 0xAF
        && bytes[3] == 0xED
        && bytes[4] is >= 0xB0 and <= 0xBF
        && IsLostOrTail(bytes[2])
        && IsLostOrTail(bytes[5])
        && (bytes[2] is Lost or Question || bytes[5] is Lost or Question);

    private static bool IsLostOrTail(byte value) => value is Lost or Question or (>= 0x80 and <= 0xBF);

    /// <summary>Rewrites what Java and old databases write instead: zero as two bytes, and surrogates one by one (CESU-8).</summary>
    private static byte[] WithoutVariants(byte[] bytes)
    {
        var result = new List<byte>(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0xC0 && i + 1 < bytes.Length && bytes[i + 1] == 0x80)
            {
                result.Add(0);
                i++;
            }
            else if (IsPair(bytes.AsSpan(i)))
            {
                AppendPair(bytes.AsSpan(i), result);
                i += 5;
            }
            else
            {
                result.Add(bytes[i]);
            }
        }

        return [.. result];
    }

    private static bool IsPair(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 5
        && bytes[0] == 0xED
        && bytes[1] is >= 0xA0 and <= 0xAF
        && bytes[2] is >= 0x80 and <= 0xBF
        && bytes[3] == 0xED
        && bytes[4] is >= 0xB0 and <= 0xBF
        && bytes[5] is >= 0x80 and <= 0xBF;

    private static void AppendPair(ReadOnlySpan<byte> bytes, List<byte> result)
    {
        var high = (char)(0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F));
        var low = (char)(0xD000 | ((bytes[4] & 0x3F) << 6) | (bytes[5] & 0x3F));
        Span<byte> four = stackalloc byte[4];
        new Rune(high, low).EncodeToUtf8(four);
        result.AddRange(four);
    }
}
