using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FlowKit.Wire.Json;

/// <summary>
/// Checks a body's text as a whole, since tags and parameters are kept as they came: text that is not Unicode would fail wherever it is
/// first looked at, in an executor or in the reply.
/// </summary>
internal static class JsonUnicode
{
    /// <param name="utf8">The whole body.</param>
    /// <exception cref="WireFormatException">It is not UTF-8; the message names the first such byte.</exception>
    public static void CheckBytes(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new WireFormatException("body", $"byte {FirstInvalid(utf8)} is not valid UTF-8");
        }
    }

    /// <param name="utf8">The whole body, which is JSON.</param>
    /// <exception cref="WireFormatException">A text in it has one half of a surrogate pair without the other.</exception>
    public static void CheckEscapes(ReadOnlySpan<byte> utf8)
    {
        // Most bodies have none, and are not read a second time.
        if (utf8.IndexOf("\\ud"u8) < 0 && utf8.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.ValueIsEscaped)
            {
                CheckText(ref reader);
            }
        }
    }

    private static void CheckText(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new WireFormatException(
                "body", $"the text at byte {reader.TokenStartIndex} has half a surrogate pair (\\ud800 to \\udfff) without the other half");
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
