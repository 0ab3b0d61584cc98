using System.Text.Json;

namespace FlowKit.Wire.Json;

/// <summary>
/// Refuses bodies of millions of empty documents, tags or lists before anything is made of them: each takes a hundred times the memory of
/// its two bytes.
/// </summary>
internal static class JsonPartLimit
{
    private const int FreeBytes = 1 << 20;
    private const int MinPartBytes = 12;

    /// <summary>Returns the most objects and empty lists that a body may hold.</summary>
    /// <param name="length">Its bytes.</param>
    public static long AllowedIn(int length) => (FreeBytes + (long)length) / MinPartBytes;

    /// <param name="utf8">The whole body.</param>
    /// <param name="options">How it is read.</param>
    /// <exception cref="WireFormatException">It holds more objects and empty lists than its size allows.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static void Check(ReadOnlySpan<byte> utf8, JsonReaderOptions options)
    {
        var allowed = AllowedIn(utf8.Length);

        // Mostly this is all: the signs in texts count too, and are still few enough.
        if (utf8.Count((byte)'{') + (long)utf8.Count((byte)'[') <= allowed)
        {
            return;
        }

        var reader = new Utf8JsonReader(utf8, options);
        var last = JsonTokenType.None;
        while (reader.Read())
        {
            var isEmptyList = (last, reader.TokenType) is (JsonTokenType.StartArray, JsonTokenType.EndArray);
            if (isEmptyList || reader.TokenType == JsonTokenType.StartObject)
            {
                allowed--;
            }

            if (allowed < 0)
            {
                throw new WireFormatException("body", $"{utf8.Length} bytes hold too many documents, objects or lists that are empty");
            }

            last = reader.TokenType;
        }
    }
}
