using System.Globalization;
using System.Text;

namespace FlowKit.Wire.Grpc;

/// <summary>The text of a status as <c>grpc-message</c> carries it: all but printable ASCII is percent-encoded.</summary>
public static class StatusText
{
    /// <summary>Peers accept 8 KiB of headers in all; a text is cut before that, so that its code still arrives.</summary>
    private const int MaxLength = 4096;

    private const int MaxUtf8OfChar = 3;
    private const int EncodedByte = 3;

    /// <summary>Cuts a text where it would take more than 4 KiB when it is encoded.</summary>
    /// <param name="text">The text.</param>
    public static string Shorten(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= MaxLength / (MaxUtf8OfChar * EncodedByte))
        {
            return text;
        }

        var (length, kept) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            length += IsPlain(rune) ? 1 : EncodedByte * rune.Utf8SequenceLength;
            if (length > MaxLength)
            {
                return text[..kept];
            }

            kept += rune.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text; what does not fit into 4 KiB is left out.</param>
    public static string Encode(string text)
    {
        text = Shorten(text);
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            AppendRune(encoded, rune, bytes);
        }

        return encoded.ToString();
    }

    private static bool IsPlain(Rune rune) => rune.Value is >= ' ' and <= '~' and not '%';

    private static void AppendRune(StringBuilder encoded, Rune rune, Span<byte> buffer)
    {
        if (IsPlain(rune))
        {
            encoded.Append((char)rune.Value);
            return;
        }

        foreach (var value in buffer[..rune.EncodeToUtf8(buffer)])
        {
            encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }
    }
}
