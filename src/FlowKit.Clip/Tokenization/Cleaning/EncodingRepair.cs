using System.Text;

namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>Mends text that was UTF-8 and was read in another encoding, as ftfy 6.3.1's <c>fix_encoding</c>.</summary>
/// <param name="budget">The characters that may still be looked at.</param>
internal sealed class EncodingRepair(RepairBudget budget)
{
    /// <summary>The mended text: step by step, until nothing changes.</summary>
    internal string Of(string text)
    {
        while (budget.TrySpend(text.Length))
        {
            var mended = Step(text);
            if (mended == text)
            {
                break;
            }

            text = mended;
        }

        return text;
    }

    private string Step(string text)
    {
        if (Ascii.IsValid(text) || !Mojibake.IsLikely(text))
        {
            return text;
        }

        if (FromUtf8(text) is { } whole)
        {
            return whole;
        }

        var mended = EmbeddedUtf8.Repair(text, Of);
        return mended != text ? mended : CharacterRepair.WithoutLatinControls(text);
    }

    private static string? FromUtf8(string text)
    {
        foreach (var encoding in SingleByteEncoding.All)
        {
            if (encoding.TryEncode(text) is not { } bytes)
            {
                continue;
            }

            bytes = encoding.MayHideSpaces ? Utf8Bytes.WithHardSpaces(bytes) : bytes;
            bytes = encoding.IsSloppy ? Utf8Bytes.WithoutLostBytes(bytes) : bytes;
            if (Utf8Bytes.TryDecode(bytes) is { } decoded)
            {
                return decoded;
            }
        }

        return null;
    }
}
