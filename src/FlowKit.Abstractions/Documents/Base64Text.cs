using System.Buffers;
using System.Buffers.Text;

namespace FlowKit;

/// <summary>
/// Base64 as people and programs write it: RFC 4648's usual alphabet or the one that is safe in URLs, with or without the signs that fill
/// it up, with white space.
/// </summary>
internal static class Base64Text
{
    /// <summary>Decodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">What it stands for.</param>
    /// <returns>Whether it is base64.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var ascii = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            for (var at = 0; at < text.Length; at++)
            {
                if (text[at] > '\x7f')
                {
                    bytes = [];
                    return false;
                }

                ascii[at] = (byte)text[at];
            }

            return TryDecode(ascii.AsSpan(0, text.Length), out bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(ascii);
        }
    }

    /// <summary>Decodes a text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="bytes">What it stands for.</param>
    /// <returns>Whether it is base64.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> utf8, out byte[] bytes)
    {
        const int FilledLength = 4;
        var plain = ArrayPool<byte>.Shared.Rent(utf8.Length + FilledLength);
        try
        {
            var length = 0;
            foreach (var sign in utf8)
            {
                if (sign is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                {
                    plain[length++] = sign switch
                    {
                        (byte)'-' => (byte)'+',
                        (byte)'_' => (byte)'/',
                        _ => sign,
                    };
                }
            }

            while (length % FilledLength != 0 && length % FilledLength != 1)
            {
                plain[length++] = (byte)'=';
            }

            bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
            var isValid = Base64.DecodeFromUtf8(plain.AsSpan(0, length), bytes, out var used, out var written) == OperationStatus.Done
                && used == length;
            bytes = isValid ? bytes[..written] : [];
            return isValid;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }
}
