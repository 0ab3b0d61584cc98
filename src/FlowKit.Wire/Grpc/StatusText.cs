using System.Text;

namespace FlowKit.Wire.Grpc;

/// <summary>The value of <c>grpc-message</c>: UTF-8 with everything but printable ASCII, and the percent sign, percent-encoded.</summary>
public static class StatusText
{
    /// <summary>Peers accept 8 KiB of headers in all; a text is cut before that, so that its code still arrives.</summary>
    private const int Longest = 4096;

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text; what does not fit into 4 KiB is left out.</param>
    public static string Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= Longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(bytes);
            if (encoded.Length + (3 * count) > Longest)
            {
                break;
            }

            AppendRune(encoded, bytes[..count]);
        }

        return encoded.ToString();
    }

    /// <summary>Decodes a value; what is not valid stays as it is, since a text must never hide a code.</summary>
    /// <param name="value">The value.</param>
    public static string Decode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(value) : value;
    }

    private static void AppendRune(StringBuilder encoded, ReadOnlySpan<byte> bytes)
    {
        if (bytes is [>= (byte)' ' and <= (byte)'~' and not (byte)'%'])
        {
            encoded.Append((char)bytes[0]);
            return;
        }

        foreach (var value in bytes)
        {
            encoded.Append('%').Append(value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
