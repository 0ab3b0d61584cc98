using System.Diagnostics;
using FlowKit.Cli.Output;
using FlowKit.Hosting;

namespace FlowKit.Cli.Running;

/// <summary>
/// Shows how far a start has come: bars on a terminal; elsewhere a line at the end of each step, and one every ten seconds while it lasts.
/// </summary>
internal sealed class StartView : IProgress<FlowStartProgress>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StepView> _steps = new(StringComparer.Ordinal);
    private Action<string, string?, int, int> _show = (_, _, _, _) => { };
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>Indicates whether anything was posted.</summary>
    public bool HasPosted
    {
        get
        {
            lock (_lock)
            {
                return _steps.TryGetValue(TitleOf(FlowStartStep.Posting, null), out var posting) && posting.Done > 0;
            }
        }
    }

    /// <summary>Starts something and shows what it reports meanwhile.</summary>
    public async Task RunAsync(Func<Task> start)
    {
        if (Output.Report.IsTerminal)
        {
            await ProgressLine.RunAsync(show =>
            {
                _show = show;
                return start();
            });
            return;
        }

        await ProgressLine.TellingAsync(Lines, async () =>
        {
            await start();
            return true;
        });
    }

    public void Report(FlowStartProgress value)
    {
        var title = TitleOf(value.Step, value.Name);
        var now = value.Step == FlowStartStep.Loading ? value.Name : null;
        _show(title, now, value.Done, value.Total);
        string? line;
        lock (_lock)
        {
            if (!_steps.TryGetValue(title, out var step))
            {
                _steps[title] = step = new StepView(new ProgressRate(title, _since));
            }

            (step.Done, step.Total, step.Now) = (value.Done, value.Total, now);
            if (!step.IsUnderWay)
            {
                // A step may report nothing before its first part is done: it has begun where the one before has ended.
                _since = Stopwatch.GetTimestamp();
            }

            line = step.IsUnderWay || value.Total == 0 ? null : step.Line;
        }

        if (line is not null && !Output.Report.IsTerminal)
        {
            Output.Report.Line(line);
        }
    }

    /// <summary>A line for each step that is under way.</summary>
    private List<string> Lines()
    {
        lock (_lock)
        {
            return [.. _steps.Values.Where(step => step.IsUnderWay).Select(step => step.Line)];
        }
    }

    private static string TitleOf(FlowStartStep step, string? name) => step switch
    {
        FlowStartStep.Loading => "Loading executors",
        FlowStartStep.Building => $"Building {name}",
        FlowStartStep.Pulling => $"Pulling {name}",
        _ => "Indexing",
    };

    /// <summary>A step as it was last reported.</summary>
    private sealed class StepView(ProgressRate rate)
    {
        public int Done { get; set; }

        public int Total { get; set; }

        /// <summary>The part that is worked on; <see langword="null"/> where it has no name.</summary>
        public string? Now { get; set; }

        public bool IsUnderWay => Done < Total;

        public string Line => Now is null ? rate.Line(Done, Total) : $"{rate.Line(Done, Total)} ({Now})";
    }
}
