using System.Globalization;
using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>An encoding of one byte a character, as far as ftfy 6.3.1 looks for text that was read in it by mistake.</summary>
internal sealed class SingleByteEncoding
{
    private const char Lost = '\uFFFD', Ohm = '\u2126', Omega = '\u03A9';
    private const byte Substitute = 0x1A;

    private readonly Dictionary<char, byte> _bytes;

    private SingleByteEncoding(int codePage, bool isSloppy, bool mayHideSpaces = true)
    {
        (IsSloppy, MayHideSpaces) = (isSloppy, mayHideSpaces);
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);
        Upper = string.Concat(Enumerable.Range(0x80, 0x80).Select(value => CharacterOf(encoding, (byte)value)));
        _bytes = Enumerable.Range(0, 0x80).ToDictionary(index => Upper[index], static index => (byte)(0x80 + index));
    }

    /// <summary>All of them, in the order in which they are tried.</summary>
    internal static IReadOnlyList<SingleByteEncoding> All { get; } =
    [
        new(28591, isSloppy: false),
        new(1252, isSloppy: true),
        new(1251, isSloppy: true),
        new(1250, isSloppy: true),
        new(1253, isSloppy: true),
        new(1254, isSloppy: true),
        new(1257, isSloppy: true),
        new(28592, isSloppy: false),

        // A dash before a space is common, and is a letter's byte before one here.
        new(10000, isSloppy: false, mayHideSpaces: false),
        new(437, isSloppy: false),
    ];

    /// <summary>The first seven, Latin-1 and Windows': single words in the midst of good text were read in one of them.</summary>
    internal static IEnumerable<SingleByteEncoding> Common => All.Take(7);

    /// <summary>Windows-1252.</summary>
    internal static SingleByteEncoding Windows1252 => All[1];

    /// <summary>
    /// Indicates that bytes without a meaning stand for the control characters of their number, and that the replacement character is
    /// a byte that was lost.
    /// </summary>
    internal bool IsSloppy { get; }

    /// <summary>Indicates that the byte of a no-break space may have become a plain space.</summary>
    internal bool MayHideSpaces { get; }

    /// <summary>The characters of the bytes from 0x80 on.</summary>
    internal string Upper { get; }

    /// <summary>The bytes of a text; null where one of its characters has none.</summary>
    internal byte[]? TryEncode(string text)
    {
        var result = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (IsSloppy && unit is Lost or (char)Substitute)
            {
                if (unit != Lost)
                {
                    return null;
                }

                result[i] = Substitute;
            }
            else if (unit < 0x80)
            {
                result[i] = (byte)unit;
            }
            else if (!_bytes.TryGetValue(unit, out result[i]))
            {
                return null;
            }
        }

        return result;
    }

    // .NET reads Windows' undefined bytes as characters for private use, and Macintosh's omega as an ohm, as Apple did once.
    private char CharacterOf(Encoding encoding, byte value)
    {
        var unit = encoding.GetString([value])[0];
        if (IsSloppy && (unit == Lost || char.GetUnicodeCategory(unit) == UnicodeCategory.PrivateUse))
        {
            return (char)value;
        }

        return unit == Ohm ? Omega : unit;
    }
}
