using System.Text.Json;

namespace FlowKit.Wire.Json;

/// <summary>Writes times to the microsecond, as Python does. The round-trip format is several times faster than one of one's own.</summary>
internal static class IsoTime
{
    private const int ToMicroseconds = 26;

    /// <param name="writer">Where to.</param>
    /// <param name="name">The property.</param>
    /// <param name="time">The time; written in UTC.</param>
    /// <param name="zone">What follows: <c>Z</c> or <c>+00:00</c>.</param>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time, string zone)
    {
        Span<char> text = stackalloc char[40];
        time.UtcDateTime.TryFormat(text, out _, "O");
        zone.CopyTo(text[ToMicroseconds..]);
        writer.WriteString(name, text[..(ToMicroseconds + zone.Length)]);
    }
}
