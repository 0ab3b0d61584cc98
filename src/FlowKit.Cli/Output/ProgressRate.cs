using System.Diagnostics;
using System.Globalization;

namespace FlowKit.Cli.Output;

/// <summary>The progress of something long as a line: how much is done, how fast, and how long the rest takes.</summary>
/// <param name="title">What is being done.</param>
/// <param name="began">When it began, as <see cref="Stopwatch"/> has it.</param>
internal sealed class ProgressRate(string title, long began)
{
    /// <summary>The time below which a rate tells nothing.</summary>
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(1);

    /// <summary>Returns the line.</summary>
    /// <param name="done">How much is done.</param>
    /// <param name="total">Of how much.</param>
    public string Line(int done, int total) => Line(done, total, Stopwatch.GetElapsedTime(began));

    /// <summary>Returns the line after a time.</summary>
    /// <param name="done">How much is done.</param>
    /// <param name="total">Of how much.</param>
    /// <param name="elapsed">The time.</param>
    public string Line(int done, int total, TimeSpan elapsed)
    {
        var counted = string.Create(CultureInfo.InvariantCulture, $"{title}: {done}/{total}");
        if (elapsed < s_short)
        {
            return counted;
        }

        if (done == 0)
        {
            return $"{counted} after {Shown(elapsed)}";
        }

        var perSecond = done / elapsed.TotalSeconds;
        var rate = perSecond >= 1 ? string.Create(CultureInfo.InvariantCulture, $", {perSecond:0}/s") : "";
        return done < total
            ? $"{counted}{rate}, about {Shown(TimeSpan.FromSeconds((total - done) / perSecond))} left"
            : $"{counted} in {Shown(elapsed)}{rate}";
    }

    /// <summary>Returns a time as people say it, never less than a second.</summary>
    public static string Shown(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Ceiling(time.TotalSeconds)):0} s"),
    };
}
