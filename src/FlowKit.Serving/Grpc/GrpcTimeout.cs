using System.Globalization;

namespace FlowKit.Serving.Grpc;

/// <summary>The value of <c>grpc-timeout</c>: at most eight digits and one of <c>H M S m u n</c>.</summary>
internal static class GrpcTimeout
{
    private const int Digits = 8;
    private const long NanosecondsPerTick = 100;

    /// <summary>The longest that is told apart from no limit at all.</summary>
    private static readonly TimeSpan s_most = TimeSpan.FromDays(24);

    /// <summary>Reads a value.</summary>
    /// <param name="text">For example <c>250m</c>.</param>
    /// <param name="timeout">How long, rounded up to a tick and at most 24 days, which is what a timer can wait.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > Digits + 1
            || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            return false;
        }

        var ticks = text[^1] switch
        {
            'H' => amount * TimeSpan.TicksPerHour,
            'M' => amount * TimeSpan.TicksPerMinute,
            'S' => amount * TimeSpan.TicksPerSecond,
            'm' => amount * TimeSpan.TicksPerMillisecond,
            'u' => amount * TimeSpan.TicksPerMicrosecond,
            'n' => (amount + NanosecondsPerTick - 1) / NanosecondsPerTick,
            _ => -1,
        };
        timeout = new TimeSpan(Math.Clamp(ticks, 0, s_most.Ticks));
        return ticks >= 0;
    }
}
