namespace FlowKit.Fuzz;

/// <summary>Compares what is written with what is written after reading it again.</summary>
internal static class RoundTrip
{
    /// <exception cref="FuzzFailure">They differ.</exception>
    public static void Check(ReadOnlySpan<byte> once, ReadOnlySpan<byte> twice)
    {
        if (!once.SequenceEqual(twice))
        {
            var at = once.CommonPrefixLength(twice);
            throw new FuzzFailure($"A round trip changes it: from byte {at} on, '{Shown(once, at)}' has become '{Shown(twice, at)}'.");
        }
    }

    private static string Shown(ReadOnlySpan<byte> bytes, int at)
    {
        var from = Math.Max(0, at - 20);
        return string.Concat(bytes[from..Math.Min(bytes.Length, at + 40)].ToArray().Select(value => value is >= 32 and < 127 ? $"{(char)value}" : $"\\x{value:x2}"));
    }
}
