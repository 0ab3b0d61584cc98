namespace FlowKit.Clip.Tokenization;

/// <summary>CLIP's reversible map from bytes to printable characters, in the order of its vocabulary.</summary>
internal static class ByteSymbols
{
    /// <summary>The suffix of the last symbol of a word.</summary>
    internal const string EndOfWord = "</w>";

    static ByteSymbols()
    {
        var order = new List<byte>(256);
        for (var value = 0; value < 256; value++)
        {
            if (value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255))
            {
                Of[value] = (char)value;
                order.Add((byte)value);
            }
        }

        var extra = 256;
        for (var value = 0; value < 256; value++)
        {
            if (Of[value] == 0)
            {
                Of[value] = (char)extra++;
                order.Add((byte)value);
            }
        }

        InVocabularyOrder = [.. order.Select(static value => Of[value].ToString())];
    }

    /// <summary>The character of each byte.</summary>
    internal static char[] Of { get; } = new char[256];

    /// <summary>The 256 characters as vocabularies list them.</summary>
    internal static string[] InVocabularyOrder { get; }

    /// <summary>The bytes that a token stands for, its end-of-word mark read as a space.</summary>
    internal static byte[] BytesOf(string token)
    {
        var ends = token.EndsWith(EndOfWord, StringComparison.Ordinal);
        var bytes = token[..^(ends ? EndOfWord.Length : 0)].Select(static symbol => (byte)Array.IndexOf(Of, symbol));
        return [.. ends ? bytes.Append((byte)' ') : bytes];
    }
}
