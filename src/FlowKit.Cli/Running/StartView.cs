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
    private readonly Dictionary<FlowStartStep, StepView> _steps = [];
    private Action<string, int, int> _show = (_, _, _) => { };
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>Indicates whether anything was posted.</summary>
    public bool HasPosted
    {
        get
        {
            lock (_lock)
            {
                return _steps.TryGetValue(FlowStartStep.Posting, out var posting) && posting.Done > 0;
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

        using var ended = new CancellationTokenSource();
        var telling = TellAsync(ended.Token);
        try
        {
            await start();
        }
        finally
        {
            await ended.CancelAsync();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Report(FlowStartProgress value)
    {
        var title = value.Step == FlowStartStep.Loading ? "Loading executors" : "Indexing";
        _show(title, value.Done, value.Total);
        string? line;
        lock (_lock)
        {
            if (!_steps.TryGetValue(value.Step, out var step))
            {
                _steps[value.Step] = step = new StepView(new ProgressRate(title, _since));
            }

            (step.Done, step.Total) = (value.Done, value.Total);
            if (!step.IsUnderWay)
            {
                // A step may report nothing before its first part is done: it has begun where the one before has ended.
                _since = Stopwatch.GetTimestamp();
            }

            line = step.IsUnderWay || value.Total == 0 ? null : step.Rate.Line(value.Done, value.Total);
        }

        if (line is not null && !Output.Report.IsTerminal)
        {
            Output.Report.Line(line);
        }
    }

    /// <summary>Also where nothing is reported for long: one executor may take minutes to load.</summary>
    private async Task TellAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ProgressLine.Pause);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            List<string> lines;
            lock (_lock)
            {
                lines = [.. _steps.Values.Where(step => step.IsUnderWay).Select(step => step.Rate.Line(step.Done, step.Total))];
            }

            lines.ForEach(Output.Report.Line);
        }
    }

    /// <summary>A step as it was last reported.</summary>
    private sealed class StepView(ProgressRate rate)
    {
        public ProgressRate Rate => rate;

        public int Done { get; set; }

        public int Total { get; set; }

        public bool IsUnderWay => Done < Total;
    }
}
