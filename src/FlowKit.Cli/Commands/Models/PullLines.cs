using System.Globalization;
using FlowKit.Cli.Output;
using FlowKit.Clip.Models.Hub;

namespace FlowKit.Cli.Commands.Models;

/// <summary>
/// The progress of downloads as lines: one every ten seconds with the rate and the time left, and one for each file that is here.
/// </summary>
/// <param name="time">Time.</param>
/// <param name="write">Writes a line.</param>
internal sealed class PullLines(TimeProvider time, Action<string> write)
{
    private const double Mega = 1e6;

    private string _file = "";
    private long _began;
    private long _from;
    private long _said;

    /// <summary>Takes what is reported.</summary>
    public void Add(ClipPullProgress progress)
    {
        var now = time.GetTimestamp();
        if (progress.File != _file)
        {
            // What an earlier pull has left is no part of this one's rate.
            (_file, _began, _from, _said) = (progress.File, now, progress.Done, now);
        }

        if (progress.Total > 0 && progress.Done == progress.Total)
        {
            write($"{progress.File}: {progress.Done} bytes{RateOf(progress, now)}");
        }
        else if (time.GetElapsedTime(_said, now) >= ProgressLine.Pause)
        {
            _said = now;
            write(Line(progress, now));
        }
    }

    private string Line(ClipPullProgress progress, long now)
    {
        var done = string.Create(CultureInfo.InvariantCulture, $"{progress.File}: {progress.Done / Mega:0.0}");
        if (progress.Total == 0)
        {
            return $"{done} MB{RateOf(progress, now)}";
        }

        var total = string.Create(CultureInfo.InvariantCulture, $"{done} of {progress.Total / Mega:0.0} MB{RateOf(progress, now)}");
        var left = (progress.Total - progress.Done) / BytesPerSecond(progress, now);
        return double.IsFinite(left) ? $"{total}, about {ProgressRate.Shown(TimeSpan.FromSeconds(left))} left" : total;
    }

    private string RateOf(ClipPullProgress progress, long now) =>
        BytesPerSecond(progress, now) is > 0 and < double.PositiveInfinity and var rate
        ? string.Create(CultureInfo.InvariantCulture, $", {rate / Mega:0.0} MB/s")
        : "";

    private double BytesPerSecond(ClipPullProgress progress, long now) =>
        (progress.Done - _from) / time.GetElapsedTime(_began, now).TotalSeconds;
}
