using FlowKit.Cli.Output;
using FlowKit.Hosting;

namespace FlowKit.Cli.Running;

/// <summary>Shows how far a start has come: bars on a terminal, elsewhere a line at the end of each step.</summary>
internal sealed class StartView : IProgress<FlowStartProgress>
{
    private readonly Dictionary<FlowStartStep, (int Done, int Total)> _last = [];
    private Action<string, int, int> _show = (_, _, _) => { };

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

        await start();
    }

    public void Report(FlowStartProgress value)
    {
        var title = value.Step == FlowStartStep.Loading ? "Loading executors" : "Indexing";
        _last[value.Step] = (value.Done, value.Total);
        _show(title, value.Done, value.Total);
        if (!Output.Report.IsTerminal && value.Done == value.Total && value.Total > 0)
        {
            Output.Report.Line($"{title}: {value.Done}/{value.Total}");
        }
    }

    /// <summary>Indicates whether anything was posted.</summary>
    public bool HasPosted => _last.TryGetValue(FlowStartStep.Posting, out var posting) && posting.Done > 0;
}
