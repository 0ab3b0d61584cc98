using System.Globalization;
using System.Text;

namespace FlowKit.Imaging.Uris;

/// <summary>The bytes of a data URI (RFC 2397).</summary>
internal static class DataUri
{
    /// <exception cref="FormatException">It is malformed; the message says how.</exception>
    public static byte[] Read(string uri)
    {
        var comma = uri.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            throw new FormatException("a data URI needs a comma before its data.");
        }

        return uri.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
            ? FromBase64(uri.AsSpan(comma + 1))
            : FromPercent(uri.AsSpan(comma + 1));
    }

    private static byte[] FromBase64(ReadOnlySpan<char> data)
    {
        var isValid = data.Contains('%')
            ? Base64Text.TryDecode(FromPercent(data), out var bytes)
            : Base64Text.TryDecode(data, out bytes);
        return isValid ? bytes : throw new FormatException("the data URI does not hold valid base64.");
    }

    private static byte[] FromPercent(ReadOnlySpan<char> data)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(data.Length)];
        var length = 0;
        for (var at = 0; at < data.Length;)
        {
            if (data[at] != '%')
            {
                var next = data[at..].IndexOf('%');
                var plain = data.Slice(at, next < 0 ? data.Length - at : next);
                length += Encoding.UTF8.GetBytes(plain, bytes.AsSpan(length));
                at += plain.Length;
                continue;
            }

            if (at + 3 > data.Length
                || !byte.TryParse(data.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
            {
                throw new FormatException("the data URI has a '%' without two hexadecimal digits.");
            }

            (at, length) = (at + 3, length + 1);
        }

        return bytes[..length];
    }
}
