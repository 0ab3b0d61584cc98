namespace FlowKit.Wire;

/// <summary>Limits how many times its size a compressed message may unpack to: more is no message, but an attack.</summary>
internal static class UnpackingRatio
{
    /// <summary>The most bytes that a packed one becomes.</summary>
    public const int Max = 200;

    /// <summary>The bytes to which anything may unpack.</summary>
    public const int FreeBytes = 1 << 20;

    /// <summary>Returns whether a message unpacks to too much.</summary>
    /// <param name="packed">The bytes that have been unpacked.</param>
    /// <param name="unpacked">The bytes that came of them.</param>
    public static bool IsPassed(long packed, long unpacked) => unpacked > FreeBytes && unpacked > packed * Max;
}
